import type { Tracked } from '../../functions/domain/group/schedule.ts';

/** The schedule record of a group before its first refresh. @param firstSeen and due: ms since the epoch. */
export const scheduleAt = (firstSeen: number, due: number | undefined): Tracked => ({
  kind: 'tracked',
  firstSeen,
  due,
  leaseUntil: undefined,
  lastAttempt: undefined,
  confirmedAt: undefined,
  confirmedVersion: undefined,
  phase: 'active',
  lastChange: firstSeen,
  summary: undefined,
  failures: 0,
  lastError: undefined,
  failingSince: undefined,
  publishIntent: undefined,
  quarantinedDue: undefined,
  forcedAt: undefined,
  pageSize: undefined,
  erasedVersion: 0,
  erasedRevision: 0,
  erasedAt: undefined,
  isTrackedExplicitly: false,
  redactedAt: undefined,
  cleanUntil: undefined,
});
