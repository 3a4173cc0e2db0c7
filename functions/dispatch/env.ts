import * as z from 'zod/mini';
import { nonEmptyString } from '../runtime/env.ts';

export const Env = z.object({
  TABLE_NAME: nonEmptyString,
  DELIVER_QUEUE_URL: nonEmptyString,
});
export type Env = Record<keyof typeof Env.shape, string>;
