import * as z from 'zod/mini';
import { diffBody } from '../domain/history/diff-answer.ts';
import { groupDiff as diff } from '../domain/history/group-diff.ts';
import { type HistoryDeps, groupHistory as history } from '../domain/history/group-history.ts';
import { groupStatuses as statuses } from '../domain/history/group-statuses.ts';
import { endpoint } from '../runtime/api.ts';
import { cursorOf, positionIn } from '../runtime/rest/cursor.ts';
import { json } from '../runtime/rest/json.ts';
import { orNotFound } from '../runtime/rest/or-not-found.ts';
import { diffGroup, groupHistory, groupStatuses } from './routes.ts';
import { tooLarge } from './too-large.ts';

/** The position of a listing: when a version was published, ms since the epoch. */
const Position = z.int().check(z.nonnegative(), z.maximum(999_999_999_999_999));

/** The handlers of the routes of a group's history. */
export const endpoints = (deps: HistoryDeps) => [
  endpoint(groupHistory, async ({ parameters, query: { cursor, limit } }) => {
    const before = cursor === undefined ? undefined : positionIn(cursor, Position);
    const page = orNotFound(await history(deps, parameters.result_id, before, limit));
    const next = page.next === undefined ? null : cursorOf(page.next);
    return json(groupHistory, 200, { items: page.items, next_cursor: next });
  }),
  endpoint(groupStatuses, async ({ parameters, query }) => {
    const items = orNotFound(await statuses(deps.store, parameters.result_id, query.version));
    const reply = json(groupStatuses, 200, { items });
    return { ...reply, tooLarge: tooLarge(reply.body, 'list', 'Read the version page by page instead.') };
  }),
  endpoint(diffGroup, async ({ parameters, query }) => {
    const { from, to, differences } = orNotFound(await diff(deps.store, parameters.result_id, query.from, query.to));
    const body = diffBody(from, to, differences);
    return { status: 200, body, tooLarge: tooLarge(body, 'diff', 'Read the two versions instead.') };
  }),
];
