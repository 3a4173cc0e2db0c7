import type { Context } from 'aws-lambda';
import { lambda } from './lambda.ts';
import { correlation } from './middleware/correlation.ts';

/** The middleware stack of handlers for events without a waiting caller: of a schedule, or of a log subscription. */
export const task = (run: (event: unknown, context: Context) => Promise<void>) =>
  lambda<unknown, void>().use([correlation()]).handler(run);
