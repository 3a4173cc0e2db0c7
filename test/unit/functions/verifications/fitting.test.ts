import { randomBytes } from 'node:crypto';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encoded } from '../../../../functions/runtime/rest/encoded.ts';
import type { Fits } from '../../../../functions/runtime/rest/reply.ts';
import { tooLargePage } from '../../../../functions/verifications/fitting.ts';

const bodyOf = (items: readonly string[]) => `[${items.join()}]`;
function sized(items: readonly string[], accepts: string) {
  const reply = {
    status: 200,
    body: bodyOf(items),
    tooLarge: (fits: Fits) => tooLargePage({ items: () => items }, bodyOf, fits),
  };
  const { body, isBase64Encoded = false, headers = {} } = encoded(reply, accepts, true);
  return { body: String(body), isBase64Encoded, headers };
}
const large = `"${'x'.repeat(3_500_000)}"`;
const dense = `"${randomBytes(5_000_000).toString('base64')}"`;

describe('an answer’s size', () => {
  it.each(['gzip', 'br;q=0.4, gzip;q=0.5', '*', 'GZIP', 'identity, gzip;q=0.5'])(
    'past 6 MB is gzipped for %s',
    (accepts) => {
      const { body, isBase64Encoded, headers } = sized([large, large], accepts);
      expect(isBase64Encoded).toBe(true);
      expect(headers['content-encoding']).toBe('gzip');
      expect(gunzipSync(Buffer.from(body, 'base64')).toString()).toBe(bodyOf([large, large]));
    },
  );

  it.each(['', 'deflate', 'gzip;q=0', 'gzip; q=0.0, deflate', 'x-gzip2'])(
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

  it('past 6 MB that only another coding than gzip makes fit is sent with it', () => {
    const { body, headers } = sized([large, large], 'br');
    expect(headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(Buffer.from(body, 'base64')).toString()).toBe(bodyOf([large, large]));
  });

  it('under 6 MB, but over it in base64, is sent as it is', () => {
    const bytes = randomBytes(5_950_000).map((byte) => 0x23 + (byte % 90));
    const random = JSON.stringify(Buffer.from(bytes).toString('latin1'));
    expect(sized([random], 'gzip').isBase64Encoded).toBe(false);
    expect(sized([random], 'zstd, identity;q=0.1').isBase64Encoded).toBe(false);
  });

  it('counts what escaping adds', () => {
    const quotes = `"${'\\"'.repeat(1_600_000)}"`;
    expect(() => sized([quotes], '')).toThrow(expect.objectContaining({ status: 406 }));
  });

  it('that gzip does not help is 413', () => {
    expect(() => sized([dense], 'gzip')).toThrow(expect.objectContaining({ status: 413 }));
    expect(() => sized([dense], '')).toThrow(expect.objectContaining({ status: 413 }));
  });

  it('below that is left alone without a coding', () => {
    expect(sized([large], '')).toEqual({
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
