import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ApiError } from '../runtime/rest/api-error.ts';
import { header } from '../runtime/rest/http-event.ts';

/** Bytes of a decompressed body. A delivery is a few KB; API Gateway takes 10 MB. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** The body of a delivery, as it was sent and without its content coding. */
export interface DeliveryBody {
  readonly sent: Buffer;
  readonly decoded: Buffer;
}

/**
 * Reads the body of a delivery. A gateway may have decoded it already and left the header.
 * @throws ApiError 415 for a content coding other than gzip; 400 for a body that is not gzip, or too large.
 */
export function bodyOf(event: APIGatewayProxyEventV2): DeliveryBody {
  const sent = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const coding = header(event, 'content-encoding').trim().toLowerCase();
  if (coding === '' || coding === 'identity') return { sent, decoded: sent };
  if (coding !== 'gzip' && coding !== 'x-gzip') {
    throw new ApiError(415, 'INVALID_REQUEST', 'The content coding of the body must be gzip or none.');
  }
  if (!sent.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC)) return { sent, decoded: sent };
  try {
    return { sent, decoded: gunzipSync(sent, { maxOutputLength: MAX_BODY_BYTES }) };
  } catch (cause) {
    throw new ApiError(400, 'INVALID_REQUEST', 'The body is not gzip, or too large.', { cause });
  }
}

/** Parses a body, which may begin with a byte order mark. @returns undefined if it is not JSON. */
export function jsonOf({ decoded }: DeliveryBody): unknown {
  try {
    // The decoder leaves a byte order mark out.
    return JSON.parse(new TextDecoder().decode(decoded));
  } catch {
    return undefined;
  }
}
