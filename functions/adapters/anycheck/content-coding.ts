import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { UpstreamError } from '../../domain/upstream/errors.ts';

/** The value of `Accept-Encoding`. A proxy may use another coding all the same. */
export const ACCEPTED_CODINGS = 'zstd, br, gzip';
/** Codings on top of each other. */
const MAX_CODINGS = 3;

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const gunzip: Decoder = promisify(zlib.gunzip);
const inflate: Decoder = promisify(zlib.inflate);
const inflateRaw: Decoder = promisify(zlib.inflateRaw);

/** All content codings that Node knows (RFC 9110, 8.4.1). */
const DECODERS = new Map<string, Decoder>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', (bytes, options) => (hasZlibHeader(bytes) ? inflate : inflateRaw)(bytes, options)],
  ['br', promisify(zlib.brotliDecompress)],
  ['zstd', promisify(zlib.zstdDecompress)],
  ['identity', async (bytes) => bytes],
]);

/** Some servers send raw deflate data, without the header of zlib (RFC 1950, 2.2). */
const hasZlibHeader = ([first = 0, second = 0]: Buffer) => first % 16 === 8 && (first * 256 + second) % 31 === 0;

export const tooLarge = () => new UpstreamError('TOO_LARGE', "AnyCheck's answer is larger than 32 MB");

/**
 * Removes the content codings of a body, the last one first.
 * @param codings the value of `Content-Encoding`.
 * @param limit bytes of the decoded body.
 * @throws UpstreamError TOO_LARGE; MALFORMED for an unknown coding, or one that the body does not have.
 */
export async function decoded(bytes: Buffer, codings: string | undefined, limit: number): Promise<Buffer> {
  const names = (codings ?? '')
    .toLowerCase()
    .split(',')
    .flatMap((name) => name.trim() || []);
  if (bytes.length === 0) return bytes;
  if (names.length > MAX_CODINGS) throw new UpstreamError('MALFORMED', "AnyCheck's answer has too many codings");
  let body = bytes;
  for (const name of names.toReversed()) {
    const decode = DECODERS.get(name);
    if (!decode) throw new UpstreamError('MALFORMED', "AnyCheck's answer has an unknown coding");
    body = await decode(body, { maxOutputLength: limit }).catch((cause: unknown) => {
      if (cause instanceof RangeError) throw tooLarge();
      throw new UpstreamError('MALFORMED', "AnyCheck's answer is not in the coding that it names", { cause });
    });
  }
  return body;
}
