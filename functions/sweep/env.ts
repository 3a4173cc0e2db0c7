import * as z from 'zod';

export const Env = z.object({
  TABLE_NAME: z.string().min(1),
  REFRESH_QUEUE_URL: z.string().min(1),
  /** Groups that a sweep queues at most. */
  SWEEP_LIMIT: z.coerce.number().int().positive(),
});
export type Env = Record<keyof typeof Env.shape, string>;
