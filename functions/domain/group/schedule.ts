import type { Phase } from './phase.ts';
import type { Snapshot } from './snapshot.ts';
import type { Summary } from './summary.ts';

/** What a group's schedule record holds, whether the group is tracked or erased. Times in ms since the epoch. */
interface ScheduleRecord {
  readonly firstSeen: number;
  /** When a worker is to take it next; undefined: not before a request. */
  readonly due: number | undefined;
  /** Until then one reader's fetch has the group to itself. */
  readonly leaseUntil: number | undefined;
  readonly lastAttempt: number | undefined;
  /** Failed attempts in a row, and the last one's reason. */
  readonly failures: number;
  readonly lastError: string | undefined;
  /** The revision that is being published; a run that finds it finishes it. */
  readonly publishIntent: number | undefined;
  /** The due time of a message whose worker died: it is still taken, now and when it comes back from the dead letters. */
  readonly quarantinedDue: number | undefined;
  /** Versions up to this, and all that was introduced up to that revision, are erased. 0: none. */
  readonly erasedVersion: number;
  readonly erasedRevision: number;
  /** When it was last erased, ms. */
  readonly erasedAt: number | undefined;
  /** Since when personal data is cut from everything that is kept or fetched of it. */
  readonly redactedAt: number | undefined;
  /** What erasure or redaction concerns is deleted once more when this has come: every run that had read it before has ended. */
  readonly cleanUntil: number | undefined;
}

/** The schedule record of a group that is tracked: every refresh updates it. */
export interface Tracked extends ScheduleRecord {
  readonly kind: 'tracked';
  /** When the last good fetch began, and the version that it confirmed. */
  readonly confirmedAt: number | undefined;
  readonly confirmedVersion: number | undefined;
  /** As of the last good refresh: a group without items changes its phase with its age alone. */
  readonly phase: Phase;
  /** When its content last changed, by our own publish; when it was first seen, where nothing was published yet. */
  readonly lastChange: number;
  /** What the last good refresh found; undefined before the first. */
  readonly summary: Summary | undefined;
  /** Whether POST /groups tracked it, which may be ahead of AnyCheck; else it was only read. */
  readonly isTrackedExplicitly: boolean;
  /** Since when refreshes have failed for reasons of the group's own, ms; undefined where the last one didn't. */
  readonly failingSince: number | undefined;
  /** When a reader last made AnyCheck be asked about it. */
  readonly forcedAt: number | undefined;
  /** Items of a page to begin the next refresh with; undefined: as many as AnyCheck gives. */
  readonly pageSize: number | undefined;
}

/**
 * What the schedule record keeps of an erased group, or of one that was redacted before it was ever tracked: no content, and
 * the versions that are used up.
 */
interface Tombstone extends ScheduleRecord {
  readonly kind: 'tombstone';
  /** Whether no run that began before the erasure can publish any more. */
  readonly isFenced: boolean;
}

export type Schedule = Tracked | Tombstone;

/** A schedule record that a worker takes. */
export type DueSchedule<S extends Schedule = Schedule> = S & { readonly due: number };

/** What is stored of a group. Without a schedule it is unknown. */
export interface StoredGroup {
  readonly schedule: Schedule | undefined;
  /** The current row's revision, 0 where there is none: a publish is fenced by it. */
  readonly revision: number;
  /**
   * The last version that there was, and when it was published, ms; 0 for none. Of an erased group its content is gone, and
   * versions go on counting.
   */
  readonly version: number;
  readonly publishedAt: number;
  readonly snapshot: Snapshot | undefined;
}
