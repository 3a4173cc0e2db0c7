import * as z from 'zod/mini';
import { changeHistory } from '../adapters/change-rows.ts';
import { documentClient } from '../adapters/document-client.ts';
import { snapshotStore } from '../adapters/snapshot-store.ts';
import { cursorOf, positionIn } from '../domain/cursor.ts';
import { diffBody } from '../domain/diff-answer.ts';
import { groupDiff as diff } from '../domain/group-diff.ts';
import { groupHistory as history } from '../domain/group-history.ts';
import { api, endpoint } from '../runtime/api.ts';
import { parseEnv } from '../runtime/env.ts';
import { found } from '../runtime/found.ts';
import { header } from '../runtime/http.ts';
import { json } from '../runtime/json.ts';
import { diffReply } from './diff-reply.ts';
import { Env } from './env.ts';
import { diffGroup, groupHistory } from './routes.ts';

const env = parseEnv(Env);
const client = documentClient(3, 3_000);
const table = env.TABLE_NAME;
const deps = {
  store: snapshotStore({ client, table, retentionDays: env.RETENTION_DAYS, now: Date.now }),
  history: changeHistory(client, table),
  now: Date.now,
};
/** When a version was published. */
const Position = z.int().check(z.nonnegative(), z.maximum(999_999_999_999_999));

export const handler = api(
  [
    endpoint(groupHistory, async ({ parameters, query: { cursor, limit } }) => {
      const before = cursor === undefined ? undefined : positionIn(cursor, Position);
      const page = found(await history(deps, parameters.result_id, before, limit));
      const next = page.next === undefined ? null : cursorOf(page.next);
      return json(groupHistory, 200, { items: page.items, next_cursor: next });
    }),
    endpoint(diffGroup, async ({ parameters, query, event }) => {
      const { from, to, differences } = found(await diff(deps.store, parameters.result_id, query.from, query.to));
      return { status: 200, ...diffReply(diffBody(from, to, differences), header(event, 'accept-encoding')) };
    }),
  ],
  env.GROUPS_CLAIM,
);
