import { documentClient } from '../adapters/document-client.ts';
import { groupIndex } from '../adapters/group-index.ts';
import { queueOnDemand } from '../adapters/queue-on-demand.ts';
import { quotas } from '../adapters/quota-rows.ts';
import { snapshotStore } from '../adapters/snapshot-store.ts';
import { follow } from '../domain/follow.ts';
import { groupView } from '../domain/group-view.ts';
import { hint } from '../domain/hint.ts';
import { listTrackedGroups } from '../domain/list-groups.ts';
import { api, endpoint } from '../runtime/api.ts';
import { currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { found } from '../runtime/found.ts';
import { json } from '../runtime/json.ts';
import { Env } from './env.ts';
import { followGroups, getGroup, listGroups, refreshGroup } from './routes.ts';

const env = parseEnv(Env);
const client = documentClient(3, 3_000);
const table = env.TABLE_NAME;
const groups = groupIndex(client, table);
const newGroupsOf = quotas({ client, table, kind: 'follow', max: env.NEW_GROUPS_PER_DAY, now: Date.now });
const deps = {
  store: snapshotStore({ client, table, retentionDays: env.RETENTION_DAYS, now: Date.now }),
  queue: queueOnDemand(3, 2_000, env.REFRESH_QUEUE_URL, currentRequest),
  now: Date.now,
};
export const handler = api(
  [
    endpoint(followGroups, async ({ body, caller }) =>
      json(followGroups, 202, await follow({ ...deps, newGroups: newGroupsOf(caller.who) }, body.result_ids)),
    ),
    endpoint(listGroups, async ({ query: { phase, overall_status, order, cursor, limit } }) => {
      const page = await listTrackedGroups(groups, { phase, overallStatus: overall_status }, order, cursor, limit);
      return json(listGroups, 200, { items: page.found.map(groupView), next_cursor: page.cursor });
    }),
    endpoint(getGroup, async ({ parameters }) =>
      json(getGroup, 200, groupView(found(await groups.get(parameters.result_id)))),
    ),
    endpoint(refreshGroup, async ({ parameters }) => {
      const { resultId } = found(await groups.get(parameters.result_id));
      await hint(deps, resultId);
      return json(refreshGroup, 202, { accepted: true });
    }),
  ],
  env.GROUPS_CLAIM,
);
