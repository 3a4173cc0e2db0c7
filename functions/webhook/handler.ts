import { documentClient } from '../adapters/document-client.ts';
import { refreshQueue, sqsClient } from '../adapters/refresh-queue.ts';
import { secretsClient } from '../adapters/secret.ts';
import { snapshotStore } from '../adapters/snapshot-store.ts';
import { webhookSecretReader } from '../adapters/webhook-secret.ts';
import { ApiError } from '../domain/errors.ts';
import { hint } from '../domain/hint.ts';
import { resultIdFrom } from '../domain/result-id.ts';
import { currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { http } from '../runtime/http.ts';
import { log } from '../runtime/log.ts';
import { deliveredJson } from './delivery.ts';
import { Env } from './env.ts';
import { valueAt } from './json-pointer.ts';
import { isKnown } from './token.ts';

const env = parseEnv(Env);
const secret = webhookSecretReader(secretsClient(), env.WEBHOOK_SECRET_ARN, Date.now);
const signing = {
  headers: { signature: env.SIGNATURE_HEADER, timestamp: env.TIMESTAMP_HEADER },
  signedText: env.SIGNED_TEXT,
};
// Who sends waits a few seconds at most: what hangs had better fail, so that it is sent again.
const client = documentClient(2, 1_500);
const deps = {
  store: snapshotStore({ client, table: env.TABLE_NAME, retentionDays: env.RETENTION_DAYS, now: Date.now }),
  queue: refreshQueue(sqsClient(2, 1_000), env.REFRESH_QUEUE_URL, currentRequest),
  now: Date.now,
};

export const handler = http(async (event) => {
  const { tokens, signingSecrets: secrets } = await secret();
  if (!isKnown(event.pathParameters?.token ?? '', tokens)) {
    throw new ApiError(401, 'INVALID_TOKEN', 'The address holds no valid token.');
  }
  const json = deliveredJson(event, { ...signing, secrets, now: Date.now() });
  const resultId = resultIdFrom(valueAt(json, env.RESULT_ID_POINTER));
  if (resultId) await hint(deps, resultId);
  else log('warn', 'webhook.without_group', {}, { UnusableWebhooks: 1 });
  // The same whichever group it names, or none: nobody learns which there are.
  return { status: 202, body: '{"accepted":true}' };
});
