import { deliverQueueOnDemand } from '../adapters/aws/deliver-queue-on-demand.ts';
import { queueOnDemand } from '../adapters/aws/queue-on-demand.ts';
import { keyList } from '../adapters/dynamodb/api-keys/key-list.ts';
import { budgetReader } from '../adapters/dynamodb/budget-row.ts';
import { dueIndex } from '../adapters/dynamodb/due-index.ts';
import { groupIndex } from '../adapters/dynamodb/group-index.ts';
import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { schedules } from '../adapters/dynamodb/schedules.ts';
import { sweepRow } from '../adapters/dynamodb/sweep-row.ts';
import { deliverDueIndex } from '../adapters/dynamodb/webhooks/deliver-due-index.ts';
import { budgetSettings } from '../runtime/anycheck-env.ts';
import { currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { groupRetentionMs } from '../runtime/retention-env.ts';
import { task } from '../runtime/task.ts';
import { Env } from './env.ts';
import { sweepOnce } from './sweep-once.ts';

const env = parseEnv(Env);
const client = documentClient(4, 5_000);
const deps = {
  budget: budgetReader(client, env.TABLE_NAME),
  settings: budgetSettings(env),
  sweeps: sweepRow(client, env.TABLE_NAME),
  groupRetentionMs: groupRetentionMs(env),
  index: dueIndex(client, env.TABLE_NAME),
  groups: groupIndex(client, env.TABLE_NAME),
  store: schedules({ client, table: env.TABLE_NAME }),
  queue: queueOnDemand(({ refreshQueue, sqsClient }) =>
    refreshQueue(sqsClient(3, 5_000), env.REFRESH_QUEUE_URL, currentRequest),
  ),
  deliveries: {
    index: deliverDueIndex(client, env.TABLE_NAME),
    queue: deliverQueueOnDemand(({ deliverQueue, sqsClient }) =>
      deliverQueue(sqsClient(3, 5_000), env.DELIVER_QUEUE_URL, currentRequest),
    ),
    now: Date.now,
  },
  apiKeys: { keys: keyList({ client, table: env.TABLE_NAME }), now: Date.now },
  now: Date.now,
};

export const handler = task((_, context) => sweepOnce(deps, context.getRemainingTimeInMillis()));
