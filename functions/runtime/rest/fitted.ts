import { gzipSync } from 'node:zlib';
import { type Codings, NEGOTIATED } from './negotiation.ts';

/** Lambda limits a function's serialized result to 6 MB. 16 KB of it are reserved for the headers. */
const MAX_BODY_BYTES = 6 * 1024 * 1024 - 16 * 1024;
/** A character takes at most four bytes, escaped or in UTF-8. */
const MAX_BYTES_PER_CHARACTER = 4;

export interface Fitted {
  readonly body: string;
  readonly isBase64Encoded: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** What only a caller accepts that refuses the answer as it is. */
export const ONLY_GZIP: Codings = { gzip: 1, identity: 0 };

/**
 * Makes a body fit into Lambda's result limit: as it is, or else gzipped, as far as the caller accepts that.
 * @returns undefined if the body is too large.
 */
export function fitted(body: string, { gzip, identity }: Codings): Fitted | undefined {
  const bytes = body.length * MAX_BYTES_PER_CHARACTER <= MAX_BODY_BYTES ? 0 : Buffer.byteLength(JSON.stringify(body));
  if (identity !== 0 && bytes <= MAX_BODY_BYTES) return { body, isBase64Encoded: false, headers: NEGOTIATED };
  const packed = gzip > 0 ? gzipSync(body).toString('base64') : undefined;
  if (packed === undefined || packed.length > MAX_BODY_BYTES) return undefined;
  return { body: packed, isBase64Encoded: true, headers: { ...NEGOTIATED, 'content-encoding': 'gzip' } };
}
