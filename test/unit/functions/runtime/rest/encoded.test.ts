import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encoded } from '../../../../../functions/runtime/rest/encoded.ts';
import type { Reply } from '../../../../../functions/runtime/rest/reply.ts';

const DECODE: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  zstd: zstdDecompressSync,
  br: brotliDecompressSync,
  gzip: gunzipSync,
  identity: (bytes) => bytes,
};

/** The coding of a reply, and its body as a caller decodes it. */
function received({ body, isBase64Encoded, headers = {} }: Reply) {
  if (typeof body !== 'string') throw new Error('a reply has a text');
  const coding = headers['content-encoding'] ?? 'identity';
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return { coding, isBase64Encoded: isBase64Encoded ?? false, text: DECODE[coding]?.(bytes).toString() };
}

const LONG = JSON.stringify({ items: Array.from({ length: 100 }, (_, i) => ({ id: i, name: 'Siti – Nurhaliza' })) });
const SHORT = '{"items":[]}';
const sent = (body: string | Uint8Array, accepts: string, isStrict = true) =>
  received(encoded({ status: 200, body }, accepts, isStrict));

const weight = fc.constantFrom('', ';q=0', ';q=0.5', '; Q=0.001', ';q=1.0', ';q=x');
const name = fc.constantFrom('zstd', 'br', 'gzip', 'x-gzip', 'deflate', 'identity', '*', 'Zstd', '');
const accepts = fc
  .array(
    fc.tuple(name, weight).map((parts) => parts.join('')),
    { maxLength: 5 },
  )
  .map((all) => all.join(', '));
const body = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc
    .tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 1, max: 3_000 }))
    .map(([text, n]) => JSON.stringify(text.repeat(n))),
);

describe('a reply to a GET', () => {
  it('decodes to the same bytes, whatever the caller accepts and whether the body is text or bytes', () => {
    fc.assert(
      fc.property(body, accepts, fc.boolean(), (text, acceptEncoding, isText) => {
        const reply = sent(isText ? text : Buffer.from(text), acceptEncoding, false);
        expect(reply.text).toBe(text);
        expect(reply.isBase64Encoded).toBe(reply.coding !== 'identity');
      }),
    );
  });

  it('never has a coding that the caller refuses', () => {
    fc.assert(
      fc.property(accepts, (acceptEncoding) => {
        const { coding } = sent(LONG, acceptEncoding, false);
        const named = acceptEncoding.toLowerCase().replaceAll(' ', '').split(',');
        if (coding === 'identity') return;
        expect(
          named.some((one) => one.startsWith(coding) || one.startsWith(`x-${coding}`) || one.startsWith('*')),
        ).toBe(true);
        expect(named.at(-1)).not.toBe(`${coding};q=0`);
      }),
    );
  });

  it.each([
    ['gzip, deflate, br, zstd', 'zstd'],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate', 'gzip'],
    ['*', 'gzip'],
    ['br;q=0.5, gzip', 'gzip'],
    ['gzip;q=0.5, identity', 'identity'],
    ['', 'identity'],
    ['identity;q=0, br', 'br'],
  ])('is, for %j, encoded in %s', (acceptEncoding, coding) => {
    expect(sent(LONG, acceptEncoding)).toEqual({ coding, isBase64Encoded: coding !== 'identity', text: LONG });
  });

  it('is left alone below 1,400 bytes, unless the caller refuses it as it is', () => {
    expect(sent(SHORT, 'gzip, br, zstd').coding).toBe('identity');
    expect(sent(JSON.stringify('x'.repeat(1_397)), 'zstd').coding).toBe('identity');
    expect(sent(JSON.stringify('x'.repeat(1_398)), 'zstd').coding).toBe('zstd');
    expect(sent(JSON.stringify('é'.repeat(699)), 'zstd').coding).toBe('zstd');
    expect(sent(SHORT, 'gzip, identity;q=0').coding).toBe('gzip');
  });

  it.each(['identity;q=0', '*;q=0', 'deflate, *;q=0'])(
    'is 406 for %j where the route says so, else unencoded',
    (refusing) => {
      expect(() => sent(LONG, refusing)).toThrow(expect.objectContaining({ status: 406 }));
      expect(sent(LONG, refusing, false)).toEqual({ coding: 'identity', isBase64Encoded: false, text: LONG });
    },
  );

  it('names Accept-Encoding in Vary, also where it has no body, and stays encoded where it is', () => {
    const vary = { vary: 'accept-encoding' };
    expect(encoded({ status: 304, headers: { etag: 'W/"1"' } }, 'br', true).headers).toEqual({
      etag: 'W/"1"',
      ...vary,
    });
    const file: Reply = { status: 200, headers: { 'content-encoding': 'gzip' }, body: 'H4sI', isBase64Encoded: true };
    expect(encoded(file, 'br', true)).toEqual({ ...file, headers: { ...file.headers, ...vary } });
  });

  it('that never fits and has no error of its own goes out as it is', () => {
    const text = JSON.stringify('x'.repeat(7_000_000));
    expect(encoded({ status: 200, body: text }, '', false).body).toBe(text);
    expect(sent(text, 'gzip').coding).toBe('gzip');
  });
});
