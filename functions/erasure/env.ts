import * as z from 'zod';
import { CallerEnv } from '../runtime/caller.ts';

export const Env = z.object({
  ...CallerEnv,
  TABLE_NAME: z.string().min(1),
  LEDGER_TABLE_NAME: z.string().min(1),
  REFRESH_QUEUE_URL: z.string().min(1),
  RETENTION_DAYS: z.coerce.number().positive(),
});
export type Env = Record<keyof typeof Env.shape, string>;
