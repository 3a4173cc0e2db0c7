import type { Groups } from '../domain/groups/group-list.ts';
import { groupView } from '../domain/groups/group-view.ts';
import { type TrackDeps, trackGroups as track } from '../domain/groups/track-groups.ts';
import type { Quota } from '../domain/read/quota.ts';
import { requestRefresh } from '../domain/refresh/request-refresh.ts';
import { endpoint } from '../runtime/api.ts';
import { json } from '../runtime/rest/json.ts';
import { orNotFound } from '../runtime/rest/or-not-found.ts';
import { revalidated } from '../runtime/rest/revalidated.ts';
import { listTrackedGroups } from './list-groups.ts';
import { getGroup, listGroups, refreshGroup, trackGroups } from './routes.ts';

interface Deps extends Omit<TrackDeps, 'newGroups'> {
  readonly groups: Groups;
  readonly newGroupsOf: (caller: string) => Quota;
}

/** The handlers of the routes of groups. */
export const endpoints = ({ newGroupsOf, ...deps }: Deps) => [
  endpoint(trackGroups, async ({ body, caller }) =>
    json(trackGroups, 202, await track({ ...deps, newGroups: newGroupsOf(caller.who) }, body.result_ids)),
  ),
  endpoint(
    listGroups,
    async ({ event, query: { phase, overall_status, failing, order, changed_since, cursor, limit } }) => {
      const filter = { phase, overallStatus: overall_status, isFailing: failing !== undefined };
      const page = await listTrackedGroups(deps.groups, filter, order, cursor, limit, changed_since);
      return revalidated(event, json(listGroups, 200, { items: page.found.map(groupView), next_cursor: page.cursor }));
    },
  ),
  endpoint(getGroup, async ({ event, parameters }) =>
    revalidated(event, json(getGroup, 200, groupView(orNotFound(await deps.groups.get(parameters.result_id))))),
  ),
  endpoint(refreshGroup, async ({ parameters }) => {
    const { resultId } = orNotFound(await deps.groups.get(parameters.result_id));
    await requestRefresh(deps, resultId);
    return json(refreshGroup, 202, { accepted: true });
  }),
];
