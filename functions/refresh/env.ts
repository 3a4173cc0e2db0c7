import * as z from 'zod';

export const Env = z.object({
  TABLE_NAME: z.string().min(1),
  ANYCHECK_BASE_URL: z.string().min(1),
  ANYCHECK_SECRET_ARN: z.string().min(1),
  RETENTION_DAYS: z.coerce.number().positive(),
});
export type Env = Record<keyof typeof Env.shape, string>;
