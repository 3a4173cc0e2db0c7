import { randomBytes } from 'node:crypto';
import { apiKeys } from '../adapters/dynamodb/api-keys/api-keys.ts';
import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { api } from '../runtime/api.ts';
import { parseEnv } from '../runtime/env.ts';
import { endpoints } from './endpoints.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
const now = Date.now;
const deps = {
  keys: apiKeys({ client: documentClient(3, 3_000), table: env.TABLE_NAME, now }),
  randomHex: (bytes: number) => randomBytes(bytes).toString('hex'),
  now,
};

export const handler = api(endpoints(deps), env);
