import { gzipSync } from 'node:zlib';
import { ApiError, invalidField } from '../domain/errors.ts';
import { takesGzip } from '../runtime/negotiation.ts';

/** Bytes of a function's whole result as Lambda serializes it, 6 MB, less room for the headers. */
const LIMIT = 6 * 1024 * 1024 - 16 * 1024;
/** A character takes four bytes at most: escaped, or in UTF-8. */
const MOST_BYTES = 4;

export interface Fitted {
  readonly body: string;
  readonly isBase64Encoded: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A page's body in a form that Lambda can hand over: as it is, or gzipped where the caller takes that.
 * @param bodyOf the body of the page's first items.
 * @throws ApiError 400 naming a `page_size` that fits, 406 where a single item needs gzip and the caller doesn't take it, 413
 * where it is too large even so.
 */
export function fitting(
  items: readonly string[],
  bodyOf: (items: readonly string[]) => string,
  accepts: string,
): Fitted {
  const whole = encode(bodyOf(items), takesGzip(accepts));
  if (whole) return whole;
  for (let size = Math.floor(items.length / 2); size >= 1; size = Math.floor(size / 2)) {
    if (encode(bodyOf(items.slice(0, size)), takesGzip(accepts))) {
      throw invalidField('page_size', `is too large: this page is over 6 MB, and ${size} fits`);
    }
  }
  if (encode(bodyOf(items.slice(0, 1)), true)) {
    throw new ApiError(
      406,
      'INVALID_REQUEST',
      'This verification is larger than 6 MB: send Accept-Encoding: gzip and page_size=1.',
    );
  }
  throw new ApiError(
    413,
    'INVALID_REQUEST',
    'This verification is larger than 6 MB, gzipped too: it can not be served.',
  );
}

function encode(body: string, gzip: boolean): Fitted | undefined {
  const bytes = body.length * MOST_BYTES <= LIMIT ? 0 : Buffer.byteLength(JSON.stringify(body));
  if (bytes <= LIMIT) return { body, isBase64Encoded: false, headers: {} };
  const packed = gzip ? gzipSync(body).toString('base64') : undefined;
  if (packed === undefined || packed.length > LIMIT) return undefined;
  return { body: packed, isBase64Encoded: true, headers: { 'content-encoding': 'gzip', vary: 'accept-encoding' } };
}
