import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fitting } from '../../../../functions/verifications/fitting.ts';

const bodyOf = (items: readonly string[]) => `[${items.join()}]`;
const sized = (items: readonly string[], accepts: string) =>
  fitting(bodyOf(items), { items: () => items }, bodyOf, accepts);
const large = `"${'x'.repeat(3_500_000)}"`;
const dense = `"${randomBytes(5_000_000).toString('base64')}"`;

describe('an answer’s size', () => {
  it.each(['gzip', 'br, gzip;q=0.5', '*', 'GZIP'])('past 6 MB is gzipped for %s', (accepts) => {
    const { body, isBase64Encoded, headers } = sized([large, large], accepts);
    expect(isBase64Encoded).toBe(true);
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(Buffer.from(body, 'base64')).toString()).toBe(bodyOf([large, large]));
  });

  it.each(['', 'br', 'gzip;q=0', 'gzip; q=0.0, br', 'x-gzip2'])(
    'past 6 MB is refused for "%s", naming what fits',
    (accepts) => {
      expect(() => sized([large, large, large], accepts)).toThrow(
        expect.objectContaining({
          status: 400,
          errors: [expect.objectContaining({ message: expect.stringContaining(' 1 fits') })],
        }),
      );
    },
  );

  it('counts what escaping adds', () => {
    const quotes = `"${'\\"'.repeat(1_600_000)}"`;
    expect(() => sized([quotes], '')).toThrow(expect.objectContaining({ status: 406 }));
  });

  it('that gzip does not help is 413', () => {
    expect(() => sized([dense], 'gzip')).toThrow(expect.objectContaining({ status: 413 }));
    expect(() => sized([dense], '')).toThrow(expect.objectContaining({ status: 413 }));
  });

  it('below that is left alone', () => {
    expect(sized([large], 'gzip')).toEqual({
      body: bodyOf([large]),
      isBase64Encoded: false,
      headers: { vary: 'accept-encoding' },
    });
  });

  it.each(['identity;q=0, gzip', '*;q=0, x-gzip'])(
    'below that is gzipped for %j, which refuses it as it is',
    (accepts) => {
      const { body, headers } = sized(['"a"'], accepts);
      expect(headers).toEqual({ vary: 'accept-encoding', 'content-encoding': 'gzip' });
      expect(gunzipSync(Buffer.from(body, 'base64')).toString()).toBe('["a"]');
    },
  );

  it.each(['identity;q=0', '*;q=0'])('below that is 406 for %j', (accepts) => {
    expect(() => sized(['"a"'], accepts)).toThrow(expect.objectContaining({ status: 406 }));
  });
});
