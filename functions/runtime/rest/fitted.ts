import { gzipSync } from 'node:zlib';

/** Lambda limits a function's serialized result to 6 MB. 16 KB of it are reserved for the headers. */
const MAX_BODY_BYTES = 6 * 1024 * 1024 - 16 * 1024;
/** A character takes at most four bytes, escaped or in UTF-8. */
const MAX_BYTES_PER_CHARACTER = 4;

export interface Fitted {
  readonly body: string;
  readonly isBase64Encoded: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Makes a body fit into Lambda's result limit: as it is, or gzipped if the caller accepts gzip.
 * @returns undefined if the body is too large.
 */
export function fitted(body: string, gzip: boolean): Fitted | undefined {
  const bytes = body.length * MAX_BYTES_PER_CHARACTER <= MAX_BODY_BYTES ? 0 : Buffer.byteLength(JSON.stringify(body));
  if (bytes <= MAX_BODY_BYTES) return { body, isBase64Encoded: false, headers: {} };
  const packed = gzip ? gzipSync(body).toString('base64') : undefined;
  if (packed === undefined || packed.length > MAX_BODY_BYTES) return undefined;
  return { body: packed, isBase64Encoded: true, headers: { 'content-encoding': 'gzip', vary: 'accept-encoding' } };
}
