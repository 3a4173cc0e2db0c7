import * as z from 'zod';

export const Env = z.object({
  /** Of the project, as the description tells it. */
  API_VERSION: z.string().min(1),
  /** Lambdas of the table that this deployment does without, comma-separated. */
  NOT_DEPLOYED: z.string().transform((names) => names.split(',')),
});
export type Env = Record<keyof typeof Env.shape, string>;
