import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { ApiError } from './api-error.ts';
import { type Accepted, acceptedBy, type Coding, NEGOTIATED, preferredIn } from './negotiation.ts';
import type { Body, Reply } from './reply.ts';

/** Lambda limits a function's serialized result to 6 MB. 16 KB of it are reserved for the headers. */
const MAX_BODY_BYTES = 6 * 1024 * 1024 - 16 * 1024;
/** A byte takes at most six bytes, escaped. */
const MAX_ESCAPED = 6;
/** Bytes of a body that is compressed, at least. A shorter one fits into one packet, so no caller receives it sooner. */
const MIN_BYTES = 1_400;

/** What only a caller accepts that refuses the answer as it is. */
export const ONLY_GZIP: Accepted = { zstd: 0, br: 0, gzip: 1, identity: 0 };
const ONLY_IDENTITY: Accepted = { zstd: 0, br: 0, gzip: 0, identity: 1 };

/**
 * Encodes the reply to a GET with the coding that the caller prefers: short replies as they are, if the caller accepts
 * that. A reply that is encoded already stays so.
 * @param isStrict whether a caller that refuses every coding is refused. Else it receives the reply as it is.
 * @throws ApiError 406 for such a caller; the error of `tooLarge` for a reply over Lambda's limit.
 */
export function encoded(reply: Reply, acceptEncoding: string, isStrict: boolean): Reply {
  const headers = { ...NEGOTIATED, ...reply.headers };
  const { body, isBase64Encoded, tooLarge } = reply;
  if (body === undefined || isBase64Encoded) return { ...reply, headers };
  const accepted = acceptedOr(isStrict, acceptedBy(acceptEncoding));
  const sent = fitted(body, accepted);
  if (!sent && tooLarge) throw tooLarge((other, by = accepted) => fitted(other, by) !== undefined);
  const { coding, ...rest } = sent ?? { body: textOf(body) };
  return { status: reply.status, ...rest, headers: coding ? { ...headers, 'content-encoding': coding } : headers };
}

function acceptedOr(isStrict: boolean, accepted: Accepted): Accepted {
  if (accepted.identity > 0 || preferredIn(accepted)) return accepted;
  if (!isStrict) return ONLY_IDENTITY;
  throw new ApiError(406, 'INVALID_REQUEST', 'Accept-Encoding refuses zstd, br, gzip and the unencoded answer.');
}

interface Sent {
  readonly body: string;
  readonly isBase64Encoded?: true;
  readonly coding?: Coding;
}

/** @returns undefined if the body is too large for Lambda's result in each coding that is tried. */
function fitted(body: Body, accepted: Accepted): Sent | undefined {
  const coding = preferredIn(accepted);
  const asIs = () => (accepted.identity > 0 && isShort(body) ? { body: textOf(body) } : undefined);
  if (!coding) return asIs();
  const isWorth = accepted[coding] >= accepted.identity && lengthOf(body) >= MIN_BYTES;
  const packed = () => packedBy(coding, Buffer.from(body));
  return isWorth || accepted.identity === 0 ? (packed() ?? asIs()) : (asIs() ?? packed());
}

function packedBy(coding: Coding, body: Buffer): Sent | undefined {
  const packed = PACK[coding](body, body.length > MAX_BODY_BYTES).toString('base64');
  return packed.length > MAX_BODY_BYTES ? undefined : { body: packed, isBase64Encoded: true, coding };
}

/** By coding, how a body is compressed: fast, or `small` where it must become small enough for Lambda's result. */
const PACK: Readonly<Record<Coding, (body: Buffer, small: boolean) => Buffer>> = {
  zstd: (body, small) => zstdCompressSync(body, { params: { [constants.ZSTD_c_compressionLevel]: small ? 6 : 1 } }),
  br: (body, small) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: small ? 4 : 1 } }),
  gzip: (body, small) => gzipSync(body, { level: small ? 6 : 1 }),
};

const lengthOf = (body: Body): number => (typeof body === 'string' ? Buffer.byteLength(body) : body.length);
const textOf = (body: Body): string => (typeof body === 'string' ? body : Buffer.from(body).toString());
const isShort = (body: Body): boolean =>
  lengthOf(body) * MAX_ESCAPED <= MAX_BODY_BYTES || Buffer.byteLength(JSON.stringify(textOf(body))) <= MAX_BODY_BYTES;
