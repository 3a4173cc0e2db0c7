import { gzipSync } from 'node:zlib';

/** Bytes of a function's whole result as Lambda serializes it, 6 MB, less room for the headers. */
const LIMIT = 6 * 1024 * 1024 - 16 * 1024;
/** A character takes four bytes at most: escaped, or in UTF-8. */
const MAX_BYTES_PER_CHARACTER = 4;

export interface Fitted {
  readonly body: string;
  readonly isBase64Encoded: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** A body in a form that Lambda can hand over: as it is, or gzipped where that is allowed; undefined where it is too large. */
export function fitted(body: string, gzip: boolean): Fitted | undefined {
  const bytes = body.length * MAX_BYTES_PER_CHARACTER <= LIMIT ? 0 : Buffer.byteLength(JSON.stringify(body));
  if (bytes <= LIMIT) return { body, isBase64Encoded: false, headers: {} };
  const packed = gzip ? gzipSync(body).toString('base64') : undefined;
  if (packed === undefined || packed.length > LIMIT) return undefined;
  return { body: packed, isBase64Encoded: true, headers: { 'content-encoding': 'gzip', vary: 'accept-encoding' } };
}
