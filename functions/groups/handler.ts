import { queueOnDemand } from '../adapters/aws/queue-on-demand.ts';
import { erasures } from '../adapters/dynamodb/erasures.ts';
import { groupIndex } from '../adapters/dynamodb/group-index.ts';
import { quotas } from '../adapters/dynamodb/quota-rows.ts';
import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { schedules } from '../adapters/dynamodb/schedules.ts';
import { snapshots } from '../adapters/dynamodb/snapshots.ts';
import { api } from '../runtime/api.ts';
import { keyCallerFrom } from '../runtime/api-keys.ts';
import { currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { logQuotaFault } from '../runtime/log/quota-log.ts';
import { endpoints } from './endpoints.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
const client = documentClient(3, 3_000);
const table = env.TABLE_NAME;
const deps = {
  groups: groupIndex(client, table),
  newGroupsOf: quotas({
    client,
    table,
    kind: 'follow',
    max: env.NEW_GROUPS_PER_DAY,
    now: Date.now,
    onFault: logQuotaFault,
  }),
  store: {
    ...snapshots({ client, table, now: Date.now }),
    ...schedules({ client, table }),
    ...erasures({ client, table }),
  },
  queue: queueOnDemand(({ refreshQueue, sqsClient }) =>
    refreshQueue(sqsClient(3, 2_000), env.REFRESH_QUEUE_URL, currentRequest),
  ),
  now: Date.now,
};

export const handler = api(endpoints(deps), env, { keys: keyCallerFrom(env, client) });
