import { describe, expect, it } from 'vitest';
import { codingsOf } from '../../../../../functions/runtime/rest/negotiation.ts';

describe('Accept-Encoding', () => {
  it.each([
    'gzip',
    'GZIP',
    'br, gzip',
    'gzip;q=0.1',
    'gzip ; q=1.0',
    'br;q=1, gzip;q=0.001',
    '*',
    'identity;q=0, *;q=0.5',
    'x-gzip',
    'X-GZIP;q=0.5',
    'identity;q=0, x-gzip',
    'gzip, identity',
  ])('%j accepts gzip, no less than the unencoded answer', (accepts) => {
    const { gzip, identity } = codingsOf(accepts);
    expect(gzip).toBeGreaterThan(0);
    expect(gzip).toBeGreaterThanOrEqual(identity);
  });

  it.each([
    '',
    'br',
    'gzipped',
    'x-gzip2',
    'identity',
    'gzip;q=0',
    'gzip; q=0.000',
    'gzip;q=0, *',
    '*, gzip;q=0',
    'gzip;q=0, x-gzip',
    '*;q=0, identity',
    'gzip;q=x',
  ])('%j accepts the unencoded answer alone', (accepts) => {
    const { gzip, identity } = codingsOf(accepts);
    expect(gzip > 0).toBe(false);
    expect(identity).toBeGreaterThan(0);
  });

  it.each(['gzip;q=0.5, identity', '*;q=0.5, gzip;q=0.4'])('%j prefers the unencoded answer', (accepts) => {
    const { gzip, identity } = codingsOf(accepts);
    expect(gzip).toBeGreaterThan(0);
    expect(identity).toBeGreaterThan(gzip);
  });

  it.each(['identity;q=0', '*;q=0', 'br, *;q=0', 'IDENTITY; Q=0, br', 'identity;q=0.0, gzip;q=0', '*;q=0, gzip;q=0.0'])(
    '%j refuses every coding: 406',
    (accepts) => {
      expect(() => codingsOf(accepts)).toThrow(expect.objectContaining({ status: 406 }));
    },
  );
});
