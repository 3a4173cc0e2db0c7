import * as z from 'zod/mini';
import { nonEmptyString } from '../runtime/env.ts';

export const Env = z.object({
  TABLE_NAME: nonEmptyString,
  REFRESH_QUEUE_URL: nonEmptyString,
  WEBHOOK_SECRET_ARN: nonEmptyString,
  /** The JSON pointer to the group's id in the body. */
  RESULT_ID_POINTER: z.string(),
  /** Header names in lower case, empty for none. */
  SIGNATURE_HEADER: z.string(),
  TIMESTAMP_HEADER: z.string(),
  /** The signed text: a template with `{body}` and `{timestamp}`. */
  SIGNED_TEXT: nonEmptyString,
});
export type Env = Record<keyof typeof Env.shape, string>;
