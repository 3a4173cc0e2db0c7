import { anycheckWebhookSecretReader } from '../adapters/aws/anycheck-webhook-secret.ts';
import { refreshQueue, sqsClient } from '../adapters/aws/refresh-queue.ts';
import { secretsClient } from '../adapters/aws/secret.ts';
import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { schedules } from '../adapters/dynamodb/schedules.ts';
import { currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { http } from '../runtime/http.ts';
import { answer } from './answer.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
// The sender waits only a few seconds. A request that hangs fails in time, so that the sender repeats the delivery.
const client = documentClient(2, 1_500);
const deps = {
  secret: anycheckWebhookSecretReader(secretsClient(), env.WEBHOOK_SECRET_ARN, Date.now),
  signing: {
    headers: { signature: env.SIGNATURE_HEADER, timestamp: env.TIMESTAMP_HEADER },
    signedText: env.SIGNED_TEXT,
  },
  resultIdPointer: env.RESULT_ID_POINTER,
  store: schedules({ client, table: env.TABLE_NAME }),
  queue: refreshQueue(sqsClient(2, 1_000), env.REFRESH_QUEUE_URL, currentRequest),
  now: Date.now,
};

export const handler = http((event) => answer(deps, event));
