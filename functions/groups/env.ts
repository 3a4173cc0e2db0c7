import * as z from 'zod/mini';
import { CallerEnv } from '../runtime/access/caller.ts';
import { KeyEnv } from '../runtime/access/key-caller.ts';
import { nonEmptyString } from '../runtime/env.ts';

export const Env = z.object({
  ...CallerEnv,
  ...KeyEnv,
  REFRESH_QUEUE_URL: nonEmptyString,
  NEW_GROUPS_PER_DAY: z.coerce.number().check(z.positive()),
});
export type Env = Record<keyof typeof Env.shape, string>;
