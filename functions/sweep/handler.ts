import middy from '@middy/core';
import { documentClient } from '../adapters/document-client.ts';
import { dueIndex } from '../adapters/due-index.ts';
import { refreshQueue, sqsClient } from '../adapters/refresh-queue.ts';
import { sweep } from '../domain/sweep.ts';
import { parseEnv } from '../runtime/env.ts';
import { log } from '../runtime/log.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
const deps = {
  index: dueIndex(documentClient(), env.TABLE_NAME),
  queue: refreshQueue(sqsClient(), env.REFRESH_QUEUE_URL),
  now: Date.now,
};

export const handler = middy().handler(async () => {
  const { queued, lag } = await sweep(deps, env.SWEEP_LIMIT);
  log('info', 'sweep.done', { queued, lag_seconds: Math.round(lag / 1000) });
});
