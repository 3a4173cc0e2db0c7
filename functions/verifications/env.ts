import * as z from 'zod';

export const Env = z.object({
  TABLE_NAME: z.string().min(1),
  REFRESH_QUEUE_URL: z.string().min(1),
  ANYCHECK_BASE_URL: z.string().min(1),
  ANYCHECK_SECRET_ARN: z.string().min(1),
});
export type Env = z.input<typeof Env>;
