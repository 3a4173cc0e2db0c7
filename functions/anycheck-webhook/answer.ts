import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { AnyCheckWebhookSecret } from '../adapters/aws/anycheck-webhook-secret.ts';
import type { SecretReader } from '../adapters/aws/secret.ts';
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
  readonly secret: SecretReader<AnyCheckWebhookSecret>;
  readonly signing: Pick<DeliverySigning, 'headers' | 'signedText'>;
  /** The JSON pointer to the group's id in a body. */
  readonly resultIdPointer: string;
  readonly store: Schedules;
  readonly queue: RefreshQueue;
  readonly now: () => number;
}

/**
 * Requests a refresh of the group that a delivery names.
 * @throws ApiError 401 if the token or the signature is wrong, 400 if the body is not JSON, 415 if its content coding is
 * unknown.
 */
export async function answer(deps: Deps, event: APIGatewayProxyEventV2): Promise<Reply> {
  const { tokens, signingSecrets: secrets } = await deps.secret();
  if (!isKnown(event.pathParameters?.token ?? '', tokens)) {
    throw new ApiError(401, 'INVALID_TOKEN', 'The address holds no valid token.');
  }
  const json = deliveredJson(event, { ...deps.signing, secrets, now: deps.now() });
  const resultId = resultIdFrom(valueAt(json, deps.resultIdPointer));
  if (resultId) await requestRefresh(deps, resultId);
  else log('warn', 'webhook.without_group', {}, { UnusableWebhooks: 1 });
  // The answer does not depend on the group, so that a sender cannot find out which groups exist.
  return { status: 202, body: '{"accepted":true}' };
}
