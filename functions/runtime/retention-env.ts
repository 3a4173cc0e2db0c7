import * as z from 'zod/mini';

const DAY_MS = 86_400_000;

/** The environment variable for the retention of settled groups. */
export const GroupRetentionEnv = {
  /** Days after the last change of a settled group; its output is ms. An empty value means no limit. */
  GROUP_RETENTION_DAYS: z.pipe(
    z.pipe(
      z.string(),
      z.transform((days: string) => (days === '' ? undefined : Number(days) * DAY_MS)),
    ),
    z.optional(z.number().check(z.positive())),
  ),
};

/** The environment variables of a function that publishes: the retention of versions and of groups. */
export const RetentionEnv = {
  /** Days for which a superseded version stays stored. */
  RETENTION_DAYS: z.coerce.number().check(z.positive()),
  ...GroupRetentionEnv,
};
