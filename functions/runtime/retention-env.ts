import * as z from 'zod/mini';

const DAY = 86_400_000;

/** How long a function keeps what it publishes. */
export const RetentionEnv = {
  /** Of superseded versions. */
  RETENTION_DAYS: z.coerce.number().check(z.positive()),
  /** After the last change of a settled group, ms; empty: for ever. */
  GROUP_RETENTION_DAYS: z.pipe(
    z.pipe(
      z.string(),
      z.transform((days: string) => (days === '' ? undefined : Number(days) * DAY)),
    ),
    z.optional(z.number().check(z.positive())),
  ),
};
