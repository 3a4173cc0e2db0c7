import * as z from 'zod/mini';
import { given } from '../runtime/env.ts';

export const Env = z.object({
  /** Of the project, as the description tells it. */
  API_VERSION: given,
  /** Lambdas of the table that this deployment does without, comma-separated. */
  NOT_DEPLOYED: z.pipe(
    z.string(),
    z.transform((names) => names.split(',')),
  ),
});
export type Env = Record<keyof typeof Env.shape, string>;
