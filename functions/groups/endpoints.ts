import { type FollowDeps, follow } from '../domain/groups/follow.ts';
import type { Groups } from '../domain/groups/group-list.ts';
import { groupView } from '../domain/groups/group-view.ts';
import type { Quota } from '../domain/read/quota.ts';
import { hint } from '../domain/refresh/hint.ts';
import { endpoint } from '../runtime/api.ts';
import { found } from '../runtime/rest/found.ts';
import { json } from '../runtime/rest/json.ts';
import { listTrackedGroups } from './list-groups.ts';
import { followGroups, getGroup, listGroups, refreshGroup } from './routes.ts';

interface Deps extends Omit<FollowDeps, 'newGroups'> {
  readonly groups: Groups;
  readonly newGroupsOf: (caller: string) => Quota;
}

/** How the routes of groups are answered. */
export const endpoints = ({ newGroupsOf, ...deps }: Deps) => [
  endpoint(followGroups, async ({ body, caller }) =>
    json(followGroups, 202, await follow({ ...deps, newGroups: newGroupsOf(caller.who) }, body.result_ids)),
  ),
  endpoint(listGroups, async ({ query: { phase, overall_status, order, cursor, limit } }) => {
    const filter = { phase, overallStatus: overall_status };
    const page = await listTrackedGroups(deps.groups, filter, order, cursor, limit);
    return json(listGroups, 200, { items: page.found.map(groupView), next_cursor: page.cursor });
  }),
  endpoint(getGroup, async ({ parameters }) =>
    json(getGroup, 200, groupView(found(await deps.groups.get(parameters.result_id)))),
  ),
  endpoint(refreshGroup, async ({ parameters }) => {
    const { resultId } = found(await deps.groups.get(parameters.result_id));
    await hint(deps, resultId);
    return json(refreshGroup, 202, { accepted: true });
  }),
];
