import { budgetRow } from '../adapters/budget-row.ts';
import { documentClient } from '../adapters/document-client.ts';
import { dueIndex } from '../adapters/due-index.ts';
import { groupIndex } from '../adapters/group-index.ts';
import { queueOnDemand } from '../adapters/queue-on-demand.ts';
import { snapshotStore } from '../adapters/snapshot-store.ts';
import { sweepRow } from '../adapters/sweep-row.ts';
import { sweepLimit } from '../domain/budget.ts';
import { retire } from '../domain/retire.ts';
import { SWEEP_AHEAD, sweep } from '../domain/sweep.ts';
import { budgetSettings } from '../runtime/anycheck-env.ts';
import { beginRequest, currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { lambda } from '../runtime/lambda.ts';
import { log } from '../runtime/log.ts';
import { Env } from './env.ts';

/** ms of the function's time that are left for ending well. */
const END_WELL = 10_000;

const env = parseEnv(Env);
const client = documentClient(4, 5_000);
const budget = budgetRow(client, env.TABLE_NAME);
const row = sweepRow(client, env.TABLE_NAME);
const deps = {
  index: dueIndex(client, env.TABLE_NAME),
  groups: groupIndex(client, env.TABLE_NAME),
  store: snapshotStore({ client, table: env.TABLE_NAME, retentionDays: env.RETENTION_DAYS, now: Date.now }),
  queue: queueOnDemand(3, 5_000, env.REFRESH_QUEUE_URL, currentRequest),
  now: Date.now,
};

export const handler = lambda<unknown, void>().handler(async (_event, context) => {
  beginRequest(context.awsRequestId);
  const until = Date.now() + context.getRemainingTimeInMillis() - END_WELL;
  if (env.GROUP_RETENTION_DAYS !== undefined) await retire(deps, env.GROUP_RETENTION_DAYS);
  const found = await budget.read();
  const limit = sweepLimit(found, budgetSettings(env), SWEEP_AHEAD, Date.now());
  const { queued, oldestDueSeconds } = await sweep(deps, limit, until);
  await row.ended(Date.now());
  const FoundOpen = found.probeAt === undefined ? 0 : 1;
  log('info', 'sweep.done', { limit }, { Sweeps: 1, Due: queued, OldestDueSeconds: oldestDueSeconds, FoundOpen });
});
