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
 * @throws ApiError 401 if a required signature is missing, wrong or not recent; 400 if the body is not JSON.
 */
export function deliveredJson(event: APIGatewayProxyEventV2, signing: DeliverySigning): unknown {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const json = jsonOf(body);
  const { headers, secrets } = signing;
  if (headers.signature !== '' && secrets.length > 0) {
    const signature = header(event, headers.signature);
    const timestamp = headers.timestamp === '' ? textOf(valueAt(json, TIMESTAMP)) : header(event, headers.timestamp);
    const reason = signatureFault({ body, signature, timestamp }, signing);
    if (reason) {
      // The sender knows the token, so it may be AnyCheck itself, signing in another way than the settings say.
      log('warn', 'webhook.refused', { reason }, { UnusableWebhooks: 1 });
      throw new ApiError(401, 'INVALID_TOKEN', 'The signature is missing or wrong, or its timestamp is not recent.');
    }
  }
  if (json === undefined) throw new ApiError(400, 'INVALID_REQUEST', 'The body is not JSON.');
  return json;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
