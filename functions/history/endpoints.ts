import * as z from 'zod/mini';
import { diffBody } from '../domain/history/diff-answer.ts';
import { groupDiff as diff } from '../domain/history/group-diff.ts';
import { type HistoryDeps, groupHistory as history } from '../domain/history/group-history.ts';
import { endpoint } from '../runtime/api.ts';
import { cursorOf, positionIn } from '../runtime/rest/cursor.ts';
import { json } from '../runtime/rest/json.ts';
import { orNotFound } from '../runtime/rest/or-not-found.ts';
import { tooLargeDiff } from './diff-reply.ts';
import { diffGroup, groupHistory } from './routes.ts';

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
  endpoint(diffGroup, async ({ parameters, query }) => {
    const { from, to, differences } = orNotFound(await diff(deps.store, parameters.result_id, query.from, query.to));
    const body = diffBody(from, to, differences);
    return { status: 200, body, tooLarge: (fits) => tooLargeDiff(body, fits) };
  }),
];
