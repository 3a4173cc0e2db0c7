import { documentClient } from '../adapters/document-client.ts';
import { dueIndex } from '../adapters/due-index.ts';
import { refreshQueue, sqsClient } from '../adapters/refresh-queue.ts';
import { sweep } from '../domain/sweep.ts';
import { parseEnv } from '../runtime/env.ts';
import { lambda } from '../runtime/lambda.ts';
import { log } from '../runtime/log.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
const deps = {
  index: dueIndex(documentClient(4, 5_000), env.TABLE_NAME),
  queue: refreshQueue(sqsClient(3, 5_000), env.REFRESH_QUEUE_URL),
  now: Date.now,
};

export const handler = lambda<unknown, void>().handler(async () => {
  const { queued, lag } = await sweep(deps, env.SWEEP_LIMIT);
  log('info', 'sweep.done', { queued, lag_seconds: Math.round(lag / 1000) });
});
