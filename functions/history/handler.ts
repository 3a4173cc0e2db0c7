import { changeHistory } from '../adapters/dynamodb/change-rows.ts';
import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { snapshots } from '../adapters/dynamodb/snapshots.ts';
import { api } from '../runtime/api.ts';
import { keyCallerFrom } from '../runtime/api-keys.ts';
import { parseEnv } from '../runtime/env.ts';
import { endpoints } from './endpoints.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
const client = documentClient(3, 3_000);
const table = env.TABLE_NAME;
const deps = {
  store: snapshots({ client, table, now: Date.now }),
  history: changeHistory(client, table),
  now: Date.now,
};

export const handler = api(endpoints(deps), env, { keys: keyCallerFrom(env, client) });
