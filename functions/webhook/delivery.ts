import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { log } from '../runtime/log/log.ts';
import { ApiError } from '../runtime/rest/api-error.ts';
import { header } from '../runtime/rest/http-event.ts';
import { valueAt } from './json-pointer.ts';
import { type Signing, signatureFault } from './signature.ts';

/** How deliveries are signed, from the deployment's settings: AnyCheck does not document its signatures. */
export interface DeliverySigning extends Signing {
  /**
   * Header names in lower case, '' for none. Without a signature header, signatures are not checked. Without a
   * timestamp header, the timestamp is read from the body.
   */
  readonly headers: { readonly signature: string; readonly timestamp: string };
}

/** The JSON pointer to a delivery's timestamp, by AnyCheck's documentation. */
const TIMESTAMP = '/timestamp';

/**
 * Checks and parses a delivery. @returns the JSON value of its body.
 * @throws ApiError 401 if a required signature is missing, wrong or not recent; 400 if the body is not JSON; 413 or 415
 * if it cannot be decoded.
 */
export function deliveredJson(event: APIGatewayProxyEventV2, signing: DeliverySigning): unknown {
  const sent = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const body = decoded(sent, header(event, 'content-encoding').trim().toLowerCase());
  const json = jsonOf(body);
  const { headers, secrets } = signing;
  if (headers.signature !== '' && secrets.length > 0) {
    const signature = header(event, headers.signature);
    const timestamp = headers.timestamp === '' ? textOf(valueAt(json, TIMESTAMP)) : header(event, headers.timestamp);
    // A sender signs before or after it gzips. Both prove that it knows the secret.
    const fault = (bytes: Buffer) => signatureFault({ body: bytes, signature, timestamp }, signing);
    const reason = fault(body) && fault(sent);
    if (reason) {
      // The sender knows the token, so it may be AnyCheck itself, signing in another way than the settings say.
      log('warn', 'webhook.refused', { reason }, { UnusableWebhooks: 1 });
      throw new ApiError(401, 'INVALID_TOKEN', 'The signature is missing or wrong, or its timestamp is not recent.');
    }
  }
  if (json === undefined) throw new ApiError(400, 'INVALID_REQUEST', 'The body is not JSON.');
  return json;
}

/** Bytes of a decoded body. A delivery of AnyCheck has a few KB. */
const MAX_DECODED_BYTES = 6_000_000;

/**
 * Decodes a body. @param coding its Content-Encoding in lower case; '' for none.
 * @throws ApiError 400 if it is not gzip, 413 if it is too large, 415 if it has another coding.
 */
function decoded(body: Buffer, coding: string): Buffer {
  if (coding === '' || coding === 'identity') return body;
  if (coding !== 'gzip' && coding !== 'x-gzip') {
    throw new ApiError(415, 'INVALID_REQUEST', 'The Content-Encoding of the body is not supported. Send gzip or none.');
  }
  try {
    return gunzipSync(body, { maxOutputLength: MAX_DECODED_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw new ApiError(413, 'INVALID_REQUEST', 'The decoded body is over 6 MB.');
    throw new ApiError(400, 'INVALID_REQUEST', 'The body is not gzip, as its Content-Encoding says.');
  }
}

/** A byte order mark before the JSON is skipped. */
function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
