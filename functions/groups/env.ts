import * as z from 'zod/mini';
import { CallerEnv } from '../runtime/access/caller.ts';
import { nonEmptyString } from '../runtime/env.ts';

export const Env = z.object({
  ...CallerEnv,
  TABLE_NAME: nonEmptyString,
  REFRESH_QUEUE_URL: nonEmptyString,
  NEW_GROUPS_PER_DAY: z.coerce.number().check(z.positive()),
});
export type Env = Record<keyof typeof Env.shape, string>;
