import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { lambda } from '../../../../functions/runtime/lambda.ts';

it('a function that runs out of time is not answered for ahead of its timeout: Lambda ends it', async () => {
  const handler = lambda<unknown, string>().handler(async () => {
    await sleep(60);
    return 'done';
  });
  const context: Partial<Context> = { getRemainingTimeInMillis: () => 20 };
  expect(await Reflect.apply(handler, undefined, [{}, context])).toBe('done');
});
