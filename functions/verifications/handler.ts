import { setTimeout as sleep } from 'node:timers/promises';
import { queueOnDemand } from '../adapters/aws/queue-on-demand.ts';
import { changeHistory } from '../adapters/dynamodb/change-rows.ts';
import { quotas } from '../adapters/dynamodb/quota-rows.ts';
import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { snapshotStore } from '../adapters/dynamodb/snapshot-store.ts';
import { lazy } from '../domain/lazy.ts';
import type { AnyCheck } from '../domain/upstream/anycheck.ts';
import { api } from '../runtime/api.ts';
import { keyCallerFrom } from '../runtime/api-keys.ts';
import { currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { logQuotaFault } from '../runtime/log/quota-log.ts';
import { groupRetentionMs } from '../runtime/retention-env.ts';
import { endpoints } from './endpoints.ts';
import { Env, freshSeconds } from './env.ts';
import { readCounts } from './read-counts.ts';

const env = parseEnv(Env);
// A reader waits for these clients: at most 6 s for DynamoDB, and 1 s for SQS, which only receives early refreshes.
const client = documentClient(2, 3_000);
const place = { client, table: env.TABLE_NAME, now: Date.now };
// The first read that must refresh a group before its answer loads the AnyCheck client.
const anycheck = lazy(async () => (await import('../runtime/anycheck.ts')).anycheckFrom(env, client, 'reader'));
const reads = readCounts(Date.now);
const quota = { ...place, onFault: logQuotaFault };
const deps = {
  store: snapshotStore({ ...place, retentionDays: env.RETENTION_DAYS }),
  anycheck: { list: async (...page) => (await anycheck()).list(...page) } satisfies AnyCheck,
  groupRetentionMs: groupRetentionMs(env),
  history: changeHistory(client, env.TABLE_NAME),
  queue: queueOnDemand(({ refreshQueue, sqsClient }) =>
    refreshQueue(sqsClient(1, 1_000), env.REFRESH_QUEUE_URL, currentRequest),
  ),
  delayed: queueOnDemand(({ delayQueue, sqsClient }) =>
    delayQueue(sqsClient(1, 1_000), env.DELAY_QUEUE_URL, currentRequest, Date.now),
  ),
  freshSeconds: freshSeconds(env),
  unknownReadsOf: quotas({ ...quota, kind: 'read', max: env.UNKNOWN_READS_PER_MINUTE }),
  newGroupsOf: quotas({ ...quota, kind: 'follow', max: env.NEW_GROUPS_PER_DAY }),
  now: Date.now,
  random: Math.random,
  sleep: (ms: number) => sleep(ms),
};

export const handler = api(endpoints(deps, reads), env, {
  keys: keyCallerFrom(env, client),
  report: reads.report,
});
