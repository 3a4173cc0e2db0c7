import * as z from 'zod/mini';

const DAY = 86_400_000;

/** How long settled groups are kept. */
export const GroupRetentionEnv = {
  /** After the last change of a settled group, ms; empty: for ever. */
  GROUP_RETENTION_DAYS: z.pipe(
    z.pipe(
      z.string(),
      z.transform((days: string) => (days === '' ? undefined : Number(days) * DAY)),
    ),
    z.optional(z.number().check(z.positive())),
  ),
};

/** How long a function that publishes has versions and groups kept. */
export const RetentionEnv = {
  /** Days that a superseded version is kept. */
  RETENTION_DAYS: z.coerce.number().check(z.positive()),
  ...GroupRetentionEnv,
};
