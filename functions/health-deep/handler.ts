import { countDeadLetters } from '../adapters/aws/dead-letters.ts';
import { sqsClient } from '../adapters/aws/refresh-queue.ts';
import { budgetReader } from '../adapters/dynamodb/budget-row.ts';
import { busRow } from '../adapters/dynamodb/bus-row.ts';
import { dueIndex } from '../adapters/dynamodb/due-index.ts';
import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { sweepRow } from '../adapters/dynamodb/sweep-row.ts';
import { deliverDueIndex } from '../adapters/dynamodb/webhooks/deliver-due-index.ts';
import { api } from '../runtime/api.ts';
import { parseEnv } from '../runtime/env.ts';
import { endpoints } from './endpoints.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
const client = documentClient(2, 1_000);
const sqs = sqsClient(2, 1_000);
const deps = {
  budget: budgetReader(client, env.TABLE_NAME),
  index: dueIndex(client, env.TABLE_NAME),
  bus: busRow(client, env.TABLE_NAME),
  deadLetters: () => countDeadLetters(sqs, [env.DEAD_LETTER_QUEUE_URL]),
  deliveries: deliverDueIndex(client, env.TABLE_NAME),
  webhookDeadLetters: () =>
    countDeadLetters(sqs, [
      env.RULE_DEAD_LETTER_QUEUE_URL,
      env.DISPATCH_DEAD_LETTER_QUEUE_URL,
      env.DELIVER_DEAD_LETTER_QUEUE_URL,
    ]),
  sweeps: sweepRow(client, env.TABLE_NAME),
  thresholds: { lateSeconds: env.LATE_SECONDS, unsweptSeconds: env.UNSWEPT_SECONDS },
};

export const handler = api(endpoints(deps), env);
