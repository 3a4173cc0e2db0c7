import * as z from 'zod/mini';

const DAY_MS = 86_400_000;

/** The environment variable for the retention of settled groups. */
export const GroupRetentionEnv = {
  /** Days after the last change of a settled group. An empty value means no limit. */
  GROUP_RETENTION_DAYS: z.pipe(
    z.pipe(
      z.string(),
      z.transform((days: string) => (days === '' ? undefined : Number(days))),
    ),
    z.optional(z.number().check(z.positive())),
  ),
};

/** The ms from a settled group's last change to its erasure; undefined where groups are stored without a limit. */
export const groupRetentionMs = ({
  GROUP_RETENTION_DAYS: days,
}: {
  readonly GROUP_RETENTION_DAYS?: number | undefined;
}): number | undefined => (days === undefined ? undefined : days * DAY_MS);

/** The environment variables of a function that publishes: the retention of versions and of groups. */
export const RetentionEnv = {
  /** Days for which a superseded version stays stored. */
  RETENTION_DAYS: z.coerce.number().check(z.positive()),
  ...GroupRetentionEnv,
};
