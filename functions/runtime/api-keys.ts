import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { keyReader } from '../adapters/dynamodb/api-keys/key-reader.ts';
import { cachedCheck } from '../domain/api-keys/cached-check.ts';
import { dailyUse } from '../domain/api-keys/daily-use.ts';
import { logKeyUseFault } from './log/key-log.ts';
import { type KeyCaller, keyCaller } from './middleware/key-caller.ts';

interface Env {
  readonly TABLE_NAME: string;
  readonly API_KEY_CACHE_SECONDS: number;
}

/** Builds the middleware that checks the API keys of a function's callers, from its environment variables. */
export function keyCallerFrom(env: Env, client: DynamoDBDocumentClient): KeyCaller {
  const keys = keyReader({ client, table: env.TABLE_NAME });
  return keyCaller({
    check: cachedCheck({ keys, cacheMs: env.API_KEY_CACHE_SECONDS * 1000, now: Date.now }),
    used: dailyUse({ keys, now: Date.now, onFault: logKeyUseFault }),
  });
}
