import { type FollowDeps, follow } from '../domain/follow.ts';
import { groupView } from '../domain/group-view.ts';
import { hint } from '../domain/hint.ts';
import type { Allowance } from '../domain/ports.ts';
import { type WalkDeps, walk } from '../domain/walk.ts';
import { endpoint } from '../runtime/api.ts';
import { found } from '../runtime/found.ts';
import { json } from '../runtime/json.ts';
import { followGroups, getGroup, listGroups, refreshGroup } from './routes.ts';

interface Deps extends Omit<FollowDeps, 'allowance'>, WalkDeps {
  readonly allowanceOf: (caller: string) => Allowance;
}

/** How the routes of groups are answered. */
export const endpoints = ({ allowanceOf, ...deps }: Deps) => [
  endpoint(followGroups, async ({ body, caller }) =>
    json(followGroups, 202, await follow({ ...deps, allowance: allowanceOf(caller.who) }, body.result_ids)),
  ),
  endpoint(listGroups, async ({ query: { phase, overall_status, cursor, limit } }) => {
    const filter = { phase, overallStatus: overall_status };
    const page = await walk(deps, filter, cursor, limit);
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
