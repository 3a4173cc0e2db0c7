import { setTimeout as sleep } from 'node:timers/promises';
import { changeHistory } from '../adapters/change-rows.ts';
import { documentClient } from '../adapters/document-client.ts';
import { queueOnDemand } from '../adapters/queue-on-demand.ts';
import { quotas } from '../adapters/quota-rows.ts';
import { snapshotStore } from '../adapters/snapshot-store.ts';
import { listRequest } from '../domain/list-request.ts';
import { listVerifications as listSnapshot } from '../domain/list-verifications.ts';
import { once } from '../domain/once.ts';
import type { AnyCheck } from '../domain/ports.ts';
import { api, endpoint } from '../runtime/api.ts';
import { currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { header } from '../runtime/http.ts';
import { errorFields, log } from '../runtime/log.ts';
import { logRefresh } from '../runtime/refresh-log.ts';
import { Env } from './env.ts';
import { readCounts } from './read-counts.ts';
import { listReply } from './reply.ts';
import { listVerifications } from './routes.ts';

/** ms after a request reached the gateway until which it waits for AnyCheck, so that every answer is there within 10 s. */
const PATIENCE = 9_000;

const env = parseEnv(Env);
// A reader waits for these: DynamoDB 6 s at most, SQS (which is only asked for an early refresh) 1 s.
const client = documentClient(2, 3_000);
// Loaded by who finds no snapshot, or wants to know better than it.
const anycheck = once(async () => (await import('../runtime/anycheck.ts')).anycheckFrom(env, client, 'reader'));
const reads = readCounts(Date.now);
const place = { client, table: env.TABLE_NAME, now: Date.now };
const unknownReadsOf = quotas({ ...place, kind: 'read', max: env.UNKNOWN_READS_PER_MINUTE });
const newGroupsOf = quotas({ ...place, kind: 'follow', max: env.NEW_GROUPS_PER_DAY });
const deps = {
  store: snapshotStore({ client, table: env.TABLE_NAME, retentionDays: env.RETENTION_DAYS, now: Date.now }),
  anycheck: { list: async (...page) => (await anycheck()).list(...page) } satisfies AnyCheck,
  eraseAfter: env.GROUP_RETENTION_DAYS,
  history: changeHistory(client, env.TABLE_NAME),
  queue: queueOnDemand(1, 1_000, env.REFRESH_QUEUE_URL, currentRequest),
  freshSeconds: {
    active: env.FRESH_ACTIVE_SECONDS,
    waiting: env.FRESH_WAITING_SECONDS,
    settled: env.FRESH_SETTLED_SECONDS,
  },
  now: Date.now,
  random: Math.random,
  sleep: (ms: number) => sleep(ms),
  onRead: reads.onRead,
  onRefresh: logRefresh,
  onQueueFault: (resultId: string, error: unknown) =>
    log('warn', 'refresh.early_failed', { result_id: resultId, ...errorFields(error) }),
};

export const handler = api(
  [
    endpoint(listVerifications, async ({ query, event, caller }) => {
      const request = listRequest(query, header(event, 'cache-control'));
      const until = Math.min(event.requestContext.timeEpoch, Date.now()) + PATIENCE;
      const patience = () => AbortSignal.timeout(Math.max(1, until - Date.now()));
      const own = { unknownReads: unknownReadsOf(caller.who), newGroups: newGroupsOf(caller.who) };
      const listed = await reads.telling(listSnapshot({ ...deps, ...own }, request, patience));
      return listReply(listed, request, {
        ifNoneMatch: header(event, 'if-none-match'),
        acceptEncoding: header(event, 'accept-encoding'),
      });
    }),
  ],
  env.GROUPS_CLAIM,
);
