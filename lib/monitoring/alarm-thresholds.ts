import { Duration } from 'aws-cdk-lib';
import { SWEEP_AHEAD_SECONDS } from '../../functions/domain/refresh/sweep.ts';
import { REFRESH_TIMEOUT } from '../refresh/refresh-queue.ts';

/** How late the schedule may run before an alarm goes off. @param sweepMinutes between two sweeps. */
export const alarmThresholds = (sweepMinutes: number) => ({
  /**
   * The longest time without a completed sweep. The next sweep makes up for one that failed, but not for two in a row.
   */
  unswept: Duration.minutes(Math.max(5, 2 * sweepMinutes + 1)),
  /**
   * The longest time that a healthy group is due: until the next sweep, then behind the queue, then during its refresh.
   */
  late: Duration.seconds(sweepMinutes * 60 + SWEEP_AHEAD_SECONDS + REFRESH_TIMEOUT.toSeconds()),
});
