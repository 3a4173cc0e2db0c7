import type { PageSize } from './page-size.ts';
import type { Phase } from './phase.ts';
import type { Snapshot } from './snapshot.ts';
import type { Summary } from './summary.ts';

/** The part of a schedule record that tracked and erased groups have in common. Times in ms since the epoch. */
interface ScheduleRecord {
  readonly firstSeen: number;
  /** When the next refresh, cleaning or announcement is due; undefined where only a refresh request makes it due. */
  readonly due: number | undefined;
  /**
   * Set while `due` is the due time of an announcement alone: when the next refresh is due, or null where none is.
   */
  readonly refreshDue: number | null | undefined;
  /**
   * When the newest announced version was published; 0 before the first one. Undefined in a record from before versions
   * were announced: every version counts as announced.
   */
  readonly announcedUntil: number | undefined;
  /** Whether the last erasure must still be announced. */
  readonly isErasureUnannounced: boolean;
  /** The version that was current at the redaction, where the redaction must still be announced. */
  readonly unannouncedRedaction: number | undefined;
  /** The latest refresh request that is not consumed yet. See dueAfter. */
  readonly requestedAt: number | undefined;
  /** The latest due time that was set for at once. See atOnce. */
  readonly expeditedDue: number | undefined;
  /** Until then, one reader's fetch holds the lease of the group. */
  readonly leaseUntil: number | undefined;
  readonly lastAttempt: number | undefined;
  /** Consecutive failed refreshes, and the reason of the last one. */
  readonly failures: number;
  readonly lastError: string | undefined;
  /** The revision that is being published; a run that finds it finishes it. */
  readonly publishIntent: number | undefined;
  /**
   * The due time of a message whose worker died. It is still processed, also after a
   * redrive from the dead-letter queue.
   */
  readonly quarantinedDue: number | undefined;
  /** Versions up to this one, and pages introduced up to this revision, are erased; 0 where nothing was erased. */
  readonly erasedVersion: number;
  readonly erasedRevision: number;
  /** When the group was last erased. */
  readonly erasedAt: number | undefined;
  /** Since when personal data is removed from all stored and fetched content of the group. */
  readonly redactedAt: number | undefined;
  /** When the last cleaning runs: by then, every run has ended that read content before the erasure or redaction. */
  readonly cleanUntil: number | undefined;
}

/** The schedule record of a group that is tracked: every refresh updates it. */
export interface Tracked extends ScheduleRecord {
  readonly kind: 'tracked';
  /** When the last successful fetch began, and the version that it confirmed. */
  readonly confirmedAt: number | undefined;
  readonly confirmedVersion: number | undefined;
  /** The phase at the last successful refresh. A group without items changes its phase by age alone. */
  readonly phase: Phase;
  /** When this service last published a changed version; before the first version, when the group was first seen. */
  readonly lastChange: number;
  /** The summary of the last successful refresh; undefined before the first. */
  readonly summary: Summary | undefined;
  /** Whether POST /groups tracked the group, possibly before AnyCheck had it. Else a read added it. */
  readonly isTrackedExplicitly: boolean;
  /** Since when refreshes fail for a reason that concerns this group alone; undefined where the last one did not. */
  readonly failingSince: number | undefined;
  /** When a reader last forced a fetch of the group. */
  readonly forcedAt: number | undefined;
  /** The page size at which the next refresh begins; undefined for AnyCheck's largest. */
  readonly pageSize: PageSize | undefined;
}

/**
 * The schedule record of an erased group, or of one that was redacted before it was ever tracked. It retains no
 * content, only the version numbers that are used up.
 */
interface Tombstone extends ScheduleRecord {
  readonly kind: 'tombstone';
  /** Whether the tombstone is fenced: no run that began before the erasure can publish. */
  readonly isFenced: boolean;
}

export type Schedule = Tracked | Tombstone;

/** A schedule record with a due time. */
export type DueSchedule<S extends Schedule = Schedule> = S & { readonly due: number };

/** A group as it is stored. A group without a schedule record is unknown. */
export interface StoredGroup {
  readonly schedule: Schedule | undefined;
  /** The revision of the current record, 0 where there is none. It fences publishes. */
  readonly revision: number;
  /**
   * The last published version, and when it was published, ms since the epoch; 0 for none. After an erasure the content
   * is gone, but the numbering continues.
   */
  readonly version: number;
  readonly publishedAt: number;
  readonly snapshot: Snapshot | undefined;
}
