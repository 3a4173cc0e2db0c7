import { Duration } from 'aws-cdk-lib';
import { SWEEP_AHEAD_SECONDS } from '../../functions/domain/refresh/sweep.ts';
import { REFRESH_TIMEOUT } from '../refresh/refresh-queue.ts';

/** How long the schedule's work may take before somebody has to know. */
export const alarmThresholds = (sweepMinutes: number) => ({
  /** Without a sweep that ended well: one that is lost is made up for by the next; two in a row are not. */
  unswept: Duration.minutes(Math.max(5, 2 * sweepMinutes + 1)),
  /** A group that all is well with waits for the next sweep, then for those that the sweep queued before it, then for its look. */
  late: Duration.seconds(sweepMinutes * 60 + SWEEP_AHEAD_SECONDS + REFRESH_TIMEOUT.toSeconds()),
});
