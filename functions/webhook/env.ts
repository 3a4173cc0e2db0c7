import * as z from 'zod/mini';

export const Env = z.object({
  TABLE_NAME: z.string().check(z.minLength(1)),
  REFRESH_QUEUE_URL: z.string().check(z.minLength(1)),
  RETENTION_DAYS: z.coerce.number().check(z.positive()),
  WEBHOOK_SECRET_ARN: z.string().check(z.minLength(1)),
  /** Where the body names its group, a JSON pointer. */
  RESULT_ID_POINTER: z.string(),
  /** Header names in lower case, empty for none. */
  SIGNATURE_HEADER: z.string(),
  TIMESTAMP_HEADER: z.string(),
  /** What is signed: a template of `{body}` and `{timestamp}`. */
  SIGNED_TEXT: z.string().check(z.minLength(1)),
});
export type Env = Record<keyof typeof Env.shape, string>;
