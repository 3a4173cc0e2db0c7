import { changeHistory } from '../adapters/change-rows.ts';
import { documentClient } from '../adapters/document-client.ts';
import { snapshotStore } from '../adapters/snapshot-store.ts';
import { cursorOf, positionIn } from '../domain/cursor.ts';
import { groupHistory as history } from '../domain/group-history.ts';
import { api, endpoint } from '../runtime/api.ts';
import { parseEnv } from '../runtime/env.ts';
import { found } from '../runtime/found.ts';
import { json } from '../runtime/json.ts';
import { Env } from './env.ts';
import { groupHistory } from './routes.ts';

const env = parseEnv(Env);
const client = documentClient(3, 3_000);
const table = env.TABLE_NAME;
const deps = {
  store: snapshotStore({ client, table, retentionDays: env.RETENTION_DAYS, now: Date.now }),
  history: changeHistory(client, table),
  now: Date.now,
};
/** When a version was published. */
const POSITION = /^\d{1,15}$/;

export const handler = api(
  [
    endpoint(groupHistory, async ({ parameters, query: { cursor, limit } }) => {
      const position = positionIn(cursor, POSITION);
      const before = position === undefined ? undefined : Number(position);
      const page = found(await history(deps, parameters.result_id, before, limit));
      const next = page.next === undefined ? undefined : String(page.next);
      return json(groupHistory, 200, { items: page.items, next_cursor: cursorOf(next) });
    }),
  ],
  env.GROUPS_CLAIM,
);
