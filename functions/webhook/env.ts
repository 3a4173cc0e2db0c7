import * as z from 'zod/mini';
import { given } from '../runtime/env.ts';

export const Env = z.object({
  TABLE_NAME: given,
  REFRESH_QUEUE_URL: given,
  WEBHOOK_SECRET_ARN: given,
  /** Where the body names its group, a JSON pointer. */
  RESULT_ID_POINTER: z.string(),
  /** Header names in lower case, empty for none. */
  SIGNATURE_HEADER: z.string(),
  TIMESTAMP_HEADER: z.string(),
  /** What is signed: a template of `{body}` and `{timestamp}`. */
  SIGNED_TEXT: given,
});
export type Env = Record<keyof typeof Env.shape, string>;
