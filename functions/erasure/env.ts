import * as z from 'zod/mini';
import { CallerEnv } from '../runtime/access/caller.ts';
import { given } from '../runtime/env.ts';

export const Env = z.object({
  ...CallerEnv,
  TABLE_NAME: given,
  LEDGER_TABLE_NAME: given,
  REFRESH_QUEUE_URL: given,
});
export type Env = Record<keyof typeof Env.shape, string>;
