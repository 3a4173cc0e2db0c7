import * as z from 'zod';
import { AnyCheckEnv } from '../runtime/anycheck-env.ts';

export const Env = z.object({
  ...AnyCheckEnv,
  RETENTION_DAYS: z.coerce.number().positive(),
});
export type Env = Record<keyof typeof Env.shape, string>;
