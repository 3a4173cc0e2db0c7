import { describe, expect, it } from 'vitest';
import { acceptedBy, preferredIn } from '../../../../../functions/runtime/rest/negotiation.ts';

describe('Accept-Encoding', () => {
  it.each([
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['X-GZIP;q=0.5', 'gzip'],
    ['*', 'gzip'],
    ['identity;q=0, *;q=0.5', 'gzip'],
    ['gzip;q=0.1', 'gzip'],
    ['gzip ; q=1.0', 'gzip'],
    ['gzip, deflate', 'gzip'],
    ['gzip, identity', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['br, *;q=0', 'br'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['zstd;q=0.5, br;q=0.5', 'zstd'],
    ['zstd;q=0.4, br;q=0.5, gzip;q=0.6', 'gzip'],
    ['zstd;q=0, br', 'br'],
    ['br;q=1, gzip;q=0.001', 'br'],
  ])('%j prefers %s, no less than the unencoded answer', (accepts, coding) => {
    const accepted = acceptedBy(accepts);
    expect(preferredIn(accepted)).toBe(coding);
    expect(Math.max(accepted.zstd, accepted.br, accepted.gzip)).toBeGreaterThanOrEqual(accepted.identity);
  });

  it.each([
    '',
    'deflate',
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
    'br;q=x',
  ])('%j accepts the unencoded answer alone', (accepts) => {
    const accepted = acceptedBy(accepts);
    expect(preferredIn(accepted)).toBeUndefined();
    expect(accepted.identity).toBeGreaterThan(0);
  });

  it.each(['gzip;q=0.5, identity', '*;q=0.5, gzip;q=0.4'])('%j prefers the unencoded answer', (accepts) => {
    const { gzip, identity } = acceptedBy(accepts);
    expect(gzip).toBeGreaterThan(0);
    expect(identity).toBeGreaterThan(gzip);
  });

  it.each([
    'identity;q=0',
    '*;q=0',
    'deflate, *;q=0',
    'IDENTITY; Q=0, br;q=0',
    'identity;q=0.0, gzip;q=0',
    '*;q=0, gzip;q=0.0',
    'identity;q=x',
  ])('%j refuses every coding', (accepts) => {
    const accepted = acceptedBy(accepts);
    expect([preferredIn(accepted), accepted.identity]).toEqual([undefined, 0]);
  });
});
