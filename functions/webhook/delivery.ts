import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { log } from '../runtime/log/log.ts';
import { ApiError } from '../runtime/rest/api-error.ts';
import { header } from '../runtime/rest/http-event.ts';
import { valueAt } from './json-pointer.ts';
import { type Signing, signatureFault } from './signature.ts';

/** How deliveries are signed, as a deployment is told: AnyCheck publishes nothing of it. */
export interface DeliverySigning extends Signing {
  /** Names in lower case, '' for none. Without one for the signature nothing is checked; without one for the time, the body tells it. */
  readonly headers: { readonly signature: string; readonly timestamp: string };
}

/** Where a body says when it was made, by AnyCheck's documentation. */
const TIMESTAMP = '/timestamp';

/**
 * The JSON value that a delivery holds.
 * @throws ApiError 401 where it has to be signed and isn't, or isn't of now; 400 where its body isn't JSON.
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
      // Whoever sends it knows the address: AnyCheck's own way of signing may be another than the settings say.
      log('warn', 'webhook.refused', { reason }, { UnusableWebhooks: 1 });
      throw new ApiError(401, 'INVALID_TOKEN', 'The signature is missing, wrong, or not of now.');
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
