import * as z from 'zod';

const DAY = 86_400_000;

/** How long a function keeps what it publishes. */
export const RetentionEnv = {
  /** Of superseded versions. */
  RETENTION_DAYS: z.coerce.number().positive(),
  /** After the last change of a settled group, ms; empty: for ever. */
  GROUP_RETENTION_DAYS: z
    .string()
    .transform((days) => (days === '' ? undefined : Number(days) * DAY))
    .pipe(z.number().positive().optional()),
};
