import * as z from 'zod';

const seconds = z.coerce.number().positive();

export const Env = z.object({
  TABLE_NAME: z.string().min(1),
  REFRESH_QUEUE_URL: z.string().min(1),
  ANYCHECK_BASE_URL: z.string().min(1),
  ANYCHECK_SECRET_ARN: z.string().min(1),
  RETENTION_DAYS: z.coerce.number().positive(),
  FRESH_ACTIVE_SECONDS: seconds,
  FRESH_WAITING_SECONDS: seconds,
  FRESH_SETTLED_SECONDS: seconds,
});
export type Env = Record<keyof typeof Env.shape, string>;
