import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { log } from '../runtime/log/log.ts';
import { ApiError } from '../runtime/rest/api-error.ts';
import { header } from '../runtime/rest/http-event.ts';
import { bodyOf, jsonOf } from './body.ts';
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
 * @throws ApiError 401 if a required signature is missing, wrong or not recent; 400 if the body is not JSON; 415 if its
 * content coding is unknown.
 */
export function deliveredJson(event: APIGatewayProxyEventV2, signing: DeliverySigning): unknown {
  const body = bodyOf(event);
  const json = jsonOf(body);
  const { headers, secrets } = signing;
  if (headers.signature !== '' && secrets.length > 0) {
    const signature = header(event, headers.signature);
    const timestamp = headers.timestamp === '' ? textOf(valueAt(json, TIMESTAMP)) : header(event, headers.timestamp);
    // A sender signs before or after it compresses.
    const faultOf = (signed: Buffer) => signatureFault({ body: signed, signature, timestamp }, signing);
    const reason = faultOf(body.decoded) && faultOf(body.sent);
    if (reason) {
      // The sender knows the token, so it may be AnyCheck itself, signing in another way than the settings say.
      log('warn', 'webhook.refused', { reason }, { UnusableWebhooks: 1 });
      throw new ApiError(401, 'INVALID_TOKEN', 'The signature is missing or wrong, or its timestamp is not recent.');
    }
  }
  if (json === undefined) throw new ApiError(400, 'INVALID_REQUEST', 'The body is not JSON.');
  return json;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
