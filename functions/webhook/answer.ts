import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { SecretReader } from '../adapters/aws/secret.ts';
import type { WebhookSecret } from '../adapters/aws/webhook-secret.ts';
import { resultIdFrom } from '../domain/group/result-id.ts';
import type { RefreshQueue } from '../domain/refresh/queue.ts';
import { requestRefresh } from '../domain/refresh/request-refresh.ts';
import type { Schedules } from '../domain/store/ports.ts';
import { log } from '../runtime/log/log.ts';
import { ApiError } from '../runtime/rest/api-error.ts';
import type { Reply } from '../runtime/rest/reply.ts';
import { type DeliverySigning, deliveredJson } from './delivery.ts';
import { valueAt } from './json-pointer.ts';
import { isKnown } from './token.ts';

interface Deps {
  readonly secret: SecretReader<WebhookSecret>;
  readonly signing: Pick<DeliverySigning, 'headers' | 'signedText'>;
  /** Where a body names its group, a JSON pointer. */
  readonly resultIdPointer: string;
  readonly store: Schedules;
  readonly queue: RefreshQueue;
  readonly now: () => number;
}

/** Requests a refresh of the group that a delivery names. @throws ApiError 401 or 400 for a delivery that can't be believed or read. */
export async function answer(deps: Deps, event: APIGatewayProxyEventV2): Promise<Reply> {
  const { tokens, signingSecrets: secrets } = await deps.secret();
  if (!isKnown(event.pathParameters?.token ?? '', tokens)) {
    throw new ApiError(401, 'INVALID_TOKEN', 'The address holds no valid token.');
  }
  const json = deliveredJson(event, { ...deps.signing, secrets, now: deps.now() });
  const resultId = resultIdFrom(valueAt(json, deps.resultIdPointer));
  if (resultId) await requestRefresh(deps, resultId);
  else log('warn', 'webhook.without_group', {}, { UnusableWebhooks: 1 });
  // The same whichever group it names, or none: nobody learns which there are.
  return { status: 202, body: '{"accepted":true}' };
}
