import type { Context } from 'aws-lambda';
import { lambda } from './lambda.ts';
import { correlation } from './middleware/correlation.ts';

/** What is around a handler of events that no caller waits for: those of a schedule, or of a log subscription. */
export const task = (run: (event: unknown, context: Context) => Promise<void>) =>
  lambda<unknown, void>().use([correlation()]).handler(run);
