import type { GroupEvent } from '../events/event.ts';
import type { Change } from '../group/change.ts';
import type { PageSize } from '../group/page-size.ts';
import type { NewPage, Room } from '../group/pages.ts';
import type { Phase } from '../group/phase.ts';
import type { Schedule, StoredGroup } from '../group/schedule.ts';
import type { Archived, Page, Snapshot } from '../group/snapshot.ts';
import type { StatusCount, Summary } from '../group/summary.ts';
import type { Ending, NextDue } from '../refresh/due-time.ts';

/**
 * The result of a refresh attempt, for the schedule record. The due time moves only if it is still the one that the
 * attempt started from.
 */
export interface RefreshAttempt extends Ending {
  /** The schedule record as the attempt found it. */
  readonly schedule: Pick<Schedule, 'requestedAt' | 'expeditedDue'>;
  /**
   * The publish intent that this run found or recorded, and that it clears. Another intent means
   * that another run took over.
   */
  readonly intent: number | undefined;
  /** The page size at which the next refresh begins; undefined for AnyCheck's largest. */
  readonly pageSize?: PageSize | undefined;
  readonly outcome:
    | {
        readonly confirmedAt: number;
        readonly version: number;
        readonly phase: Phase;
        readonly publishedAt: number;
        readonly summary: Summary;
      }
    | { readonly failures: number; readonly error: string; readonly failingSince: number | undefined };
}

/*
 * The store of groups, split into the parts that use cases need. A conditional write returns whether it was made; it
 * also counts as made where the response was lost and the retry finds it written. All reads are strongly consistent.
 * All times are ms since the epoch, unless a comment gives another unit.
 */

/** The schedule records of tracked groups: when a group is due, and which run holds it. */
export interface Schedules {
  /**
   * Claims a group for one reader's fetch: moves its due time to the end of the lease. It
   * creates a missing schedule record.
   */
  claim(resultId: string, from: Pick<Schedule, 'due'> | undefined, now: number, until: number): Promise<boolean>;
  /** Moves the due time to `now`. False where the group is due for a refresh, is being fetched or is not tracked. */
  expedite(resultId: string, now: number): Promise<boolean>;
  /**
   * Requests a refresh that begins after `now`. A group that is not due becomes due; a refresh under way leaves it due.
   * @returns the due time under which the group must be queued; undefined for a group that is not tracked, or where the
   * run that fetches it queues it.
   */
  requestRefresh(resultId: string, now: number): Promise<number | undefined>;
  /**
   * Writes the result of a refresh attempt.
   * @returns the due time that it set; undefined where another one was set in the meantime, which stays.
   */
  finish(resultId: string, attempt: RefreshAttempt): Promise<NextDue | undefined>;
  /**
   * Replaces the due time `from`, whose message is used up, by another one at once.
   * @returns that one; undefined where another due time was set in the meantime.
   */
  renewDue(resultId: string, from: number, now: number): Promise<number | undefined>;
  /**
   * Quarantines a group whose refresh killed its worker: it is due again at `next`, also where its message (queued for
   * the due time `message`) is lost. False where the due time is not `from` or the publish intent is not `intent` any
   * more: another run holds the group.
   */
  quarantine(
    resultId: string,
    at: {
      readonly from: number;
      readonly message: number;
      readonly intent: number | undefined;
      readonly next: number;
      readonly attempt: number;
      readonly failures: number;
      /** Absent for an erased group, which fails for no reader. */
      readonly failingSince?: number;
    },
  ): Promise<boolean>;
  /**
   * Tracks a group, due at `now`.
   * @returns `erased` where the group has a tombstone without a fence: a run could still publish its old content.
   */
  track(resultId: string, now: number): Promise<'accepted' | 'known' | 'erased'>;
}

/** The reads of a group's stored content. */
export interface Snapshots {
  read(resultId: string): Promise<StoredGroup>;
  archived(resultId: string, version: number): Promise<Archived | undefined>;
  /** Packed bytes of each page, in order. */
  pages(resultId: string, pages: readonly Page[]): Promise<Uint8Array[]>;
}

/** The steps of a publish. publish.ts defines their order. */
export interface Publications {
  readonly room: Room;
  /**
   * Records which revision is being published, if the due time and the publish intent `found` are unchanged. So one run
   * at a time publishes, and no two runs publish the same revision. In the record of a group that was never announced,
   * everything up to `publishedAt`, the time of its current version, counts as announced.
   */
  recordPublishIntent(
    resultId: string,
    at: { readonly due: number; readonly found: number | undefined; readonly publishedAt: number },
    revision: number,
  ): Promise<boolean>;
  clearPublishIntent(resultId: string, revision: number): Promise<void>;
  putPages(resultId: string, pages: readonly NewPage[]): Promise<void>;
  /**
   * Replaces the texts of stored pages of one row by others with the same content and newer links. It leaves a page as it
   * is that is missing or expires, or that this or a later revision renewed.
   * @returns the pages that it left as they are.
   */
  renewPages(resultId: string, pages: readonly NewPage[], revision: number): Promise<readonly NewPage[]>;
  archive(resultId: string, snapshot: Archived, now: number): Promise<void>;
  /** Replaces the current record, if its revision is still `before`. */
  advance(resultId: string, snapshot: Snapshot, before: number): Promise<boolean>;
  /**
   * Moves an unchanged current record to the revision `to`, with the same content. A publish on
   * top of `found` then fails. That publish may have renewed links of some pages, so the hash of the texts (bytesHash) is
   * replaced by one that no texts have.
   */
  fence(resultId: string, found: StoredGroup, to: number): Promise<boolean>;
  /**
   * Sets the expiry of pages that the current record does not name any more. They outlive the archive record that names
   * them. Pages introduced since the current version began (`since`) expire soon, because no archive record names them.
   */
  expirePages(resultId: string, pages: readonly Page[], since: number, now: number): Promise<void>;
  /** Sets the same expiry for every page that was introduced up to `revision` and is not among `current`. */
  expireOthers(
    resultId: string,
    current: readonly Page[],
    upTo: { revision: number; since: number; now: number },
  ): Promise<void>;
}

/** The change record of each version. */
export interface Changes {
  /** Returns what a current or superseded version changed; undefined where it is not recorded (yet). */
  change(resultId: string, publishedAt: number): Promise<Recorded | undefined>;
  /** Writes the change record of a snapshot, unless it exists. */
  putChange(resultId: string, snapshot: Snapshot, change: RecordedChange): Promise<void>;
  /**
   * Sets the expiry of a superseded version's change record to that of its archive record.
   * @param at when it was superseded.
   */
  closeChange(resultId: string, superseded: Archived, at: number): Promise<void>;
}

/** The steps of announcing. announce.ts defines their order. */
export interface Announcements {
  /** Returns at most `limit` change records of versions published later than `after`, oldest first. */
  changesAfter(resultId: string, after: number, limit: number): Promise<Recorded[]>;
  /**
   * Stores the bodies of events that are not stored yet.
   * @returns the stored bodies, in the order of `events`: those of the first attempt to announce them.
   */
  storeEvents(resultId: string, events: readonly GroupEvent[]): Promise<string[]>;
  /**
   * Records what was announced, where the schedule record still says that it was not. It moves the due time, too, where
   * `due` is given and the due time is still `due.from`.
   * @returns whether it moved the due time.
   */
  announced(resultId: string, done: Announced, due?: AnnouncementDue): Promise<boolean>;
}

/** What was announced since the schedule record was read. */
export interface Announced {
  /** When the newest announced version was published, as the record had it and as it is now. */
  readonly versions?: { readonly from: number; readonly until: number } | undefined;
  /** The erasure that was announced, by its time. */
  readonly erasedAt?: number | undefined;
  /** The version of the redaction that was announced. */
  readonly redaction?: number | undefined;
}

/** The due time after an announcement: when it is attempted again, or the next refresh where that comes first. */
export interface AnnouncementDue {
  readonly from: number;
  /** When the announcement is attempted again; undefined where it is complete. */
  readonly again: number | undefined;
  /** When the next refresh is due; null where none is. */
  readonly refreshDue: number | null;
}

/** The steps of erasure and redaction. */
export interface Erasures {
  /**
   * Replaces damaged rows of a group that is about to be erased by a tombstone and by a current record without content.
   * The numbering of versions continues.
   */
  repair(resultId: string, now: number): Promise<void>;
  /**
   * Replaces the schedule record by a tombstone that is due. False where the due time is not that of `found` any more.
   */
  writeTombstone(resultId: string, found: Schedule | undefined, at: Cleaning): Promise<boolean>;
  /** Replaces the current record by one without content. A run that began before can then publish nothing. */
  fenceTombstone(resultId: string, found: StoredGroup): Promise<boolean>;
  /**
   * Marks a group as redacted, also for when it is tracked again. False where the due time is not that of `found` any
   * more.
   */
  redact(resultId: string, found: StoredGroup, at: Cleaning): Promise<boolean>;
  /**
   * Deletes the erased pages, archive, change and event records of a group, but not those of `group.erased`, and rewrites
   * the others.
   * @returns the cleaned rows.
   */
  clean(resultId: string, what: Cleaned, signal: AbortSignal): Promise<number>;
  /** Records that nothing is left to clean, if the cleaning time is still `cleanUntil`. */
  cleaned(resultId: string, cleanUntil: number): Promise<boolean>;
  /** Moves the due time of a tombstone from `from` to `next`. */
  reschedule(resultId: string, from: number, next: number | undefined): Promise<boolean>;
  /**
   * Deletes the rows of a group without content, if its due time and revision are unchanged and no refresh was
   * requested since the fetch began (`begun`). Marks of an erasure or redaction stay in the schedule record.
   */
  drop(resultId: string, found: { due: number; revision: number; begun: number }): Promise<boolean>;
}

/** All parts of the store, as a refresh needs them. */
export type Store = Schedules & Snapshots & Publications & Changes & Erasures;

/** The store of the refresh worker, which also announces. */
export type WorkerStore = Store & Announcements;

/** The times of a cleaning. */
export interface Cleaning {
  readonly now: number;
  /** The new due time. It differs from the one found, so that a run that started from that one cannot finish. */
  readonly due: number;
  /** Until then, runs may write old content. The last cleaning runs after that. */
  readonly until: number;
  /** Whether the erasure or redaction is announced. */
  readonly isAnnounced: boolean;
}

/**
 * The scope of a cleaning: rows up to a version and a revision are deleted, the others
 * rewritten where `rewrite` is set.
 */
export interface Cleaned {
  readonly version: number;
  readonly revision: number;
  readonly rewrite: ((text: string) => string) | undefined;
}

/** What a change record says of a version, beside the version's own values. */
export interface RecordedChange extends Change {
  /** The phase of the version before; undefined for the first version of a group, also after an erasure. */
  readonly previousPhase: Phase | undefined;
  /** How many verifications have each status, by the names that events use; undefined in what earlier code recorded. */
  readonly statusCounts: readonly StatusCount[] | undefined;
}

/** The change record of a version. */
export interface Recorded extends RecordedChange {
  readonly version: number;
  readonly publishedAt: number;
  readonly totalText: string;
  readonly overallStatusText: string;
  readonly phase: Phase;
  /** When AnyCheck last confirmed the version, and when it was superseded; undefined while it is current. */
  readonly confirmedUntil: number | undefined;
  readonly supersededAt: number | undefined;
  /** When it expires, seconds since the epoch; undefined while it is current. */
  readonly expires: number | undefined;
}

/** The reads of change records. */
export interface History {
  /** Returns at most `limit` change records, newest first, of versions published earlier than `before`. */
  changes(resultId: string, before: number | undefined, limit: number): Promise<Recorded[]>;
  /** Returns the newest version published by a time, expired or not. */
  changeAt(resultId: string, time: number): Promise<Recorded | undefined>;
}
