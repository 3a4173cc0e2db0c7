import type { Schedule } from '../group/schedule.ts';
import type { Snapshot } from '../group/snapshot.ts';

/** Returns when AnyCheck last confirmed a current snapshot, ms since the epoch. */
export function confirmedAt(snapshot: Snapshot, schedule: Schedule | undefined): number {
  const isConfirmed = schedule?.kind === 'tracked' && schedule.confirmedVersion === snapshot.version;
  return Math.max(snapshot.fetchedAt, (isConfirmed && schedule.confirmedAt) || 0);
}
