import type { Change } from '../group/change.ts';
import type { NewPage } from '../group/pages.ts';
import type { Phase } from '../group/phase.ts';
import type { Order } from '../group/position.ts';
import type { Archived, Page, Snapshot } from '../group/snapshot.ts';
import type { Listing } from '../group/verification.ts';

/** AnyCheck. Whatever keeps it from answering is thrown as an UpstreamError. */
export interface AnyCheck {
  list(resultId: string, page: { offset: number; size: number }, signal: AbortSignal): Promise<Listing>;
}

/** A group in a few words. */
export interface Standing {
  readonly total: number;
  readonly overallStatus: string | null;
  /** How many verifications have each status. */
  readonly statusCounts: Readonly<Record<string, number>>;
}

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
  readonly publishing: number | undefined;
  /** The due time of a message whose worker died: it is still taken, now and when it comes back from the dead letters. */
  readonly suspect: number | undefined;
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
  readonly standing: Standing | undefined;
  /** Whether POST /groups tracked it, which may be ahead of AnyCheck; else it was only read. */
  readonly isWanted: boolean;
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
  readonly isSealed: boolean;
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

/** How a look ended, to be written into the schedule row. */
export interface Look {
  /** The due time that it started from: it moves only if it is still that. */
  readonly from: number;
  /** Undefined: not before somebody asks. */
  readonly next: number | undefined;
  /** The note that this run found or made, and ends: with another one there, another run has taken over. */
  readonly note: number | undefined;
  readonly attempt: number;
  /** When it began to ask AnyCheck: it doesn't answer to whoever asked for a look since. */
  readonly begun: number;
  readonly pageSize?: number | undefined;
  readonly outcome:
    | {
        readonly confirmedAt: number;
        readonly version: number;
        readonly phase: Phase;
        readonly publishedAt: number;
        readonly standing: Standing;
      }
    | { readonly failures: number; readonly error: string; readonly failingSince: number | undefined };
}

/*
 * The store of groups, in the parts that use cases take. Conditional writes return whether they were made; one whose answer was
 * lost and that is sent again counts as made. All reads are strongly consistent.
 */

/** The schedule records of tracked groups: when a worker takes a group, and which run has it. */
export interface Schedules {
  /** Takes a group for one reader's fetch by moving its due time to the lease's end; makes its first row where it has none. */
  claim(resultId: string, from: Pick<Schedule, 'due'> | undefined, now: number, until: number): Promise<boolean>;
  /** Pulls the due time to now, unless it is due, or somebody is fetching. */
  hasten(resultId: string, now: number): Promise<boolean>;
  /**
   * Asks for a look that begins after `now` at a group that is due or being fetched: whoever is looking at it leaves it due.
   * @returns the due times under which it is to be queued: none for an unknown group, or where that was done.
   */
  ask(resultId: string, now: number): Promise<number[]>;
  /**
   * Writes how a look ended. Where somebody asked for a look since it began, the group stays due at once. False: another due
   * time was set in the meantime, which stands.
   */
  finish(resultId: string, look: Look): Promise<boolean>;
  /**
   * Sets a group aside whose look killed its worker: it is due again at `next`, whatever becomes of the message that was
   * queued for `message`. False: its due time is not `from` any more, or its note not the one found: somebody else is at it.
   */
  suspect(
    resultId: string,
    at: {
      readonly from: number;
      readonly message: number;
      readonly note: number | undefined;
      readonly next: number;
      readonly attempt: number;
      readonly failures: number;
    },
  ): Promise<boolean>;
  /**
   * Begins to follow a group, due now. `erased`: nobody follows it, and what was there of it can still come back.
   * @param now ms since the epoch, its due time.
   */
  follow(resultId: string, now: number): Promise<'accepted' | 'known' | 'erased'>;
}

/** What is stored of a group, to be read. */
export interface Snapshots {
  read(resultId: string): Promise<StoredGroup>;
  archived(resultId: string, version: number): Promise<Archived | undefined>;
  /** Packed bytes of each page, in order. */
  pages(resultId: string, pages: readonly Page[]): Promise<Uint8Array[]>;
}

/** The steps of publishing a snapshot; publish.ts has their order. */
export interface Publications {
  /**
   * Notes which revision is being published, if the due time and the note that was found still stand: one run at a time
   * publishes, and no two the same revision.
   */
  note(resultId: string, due: number, found: number | undefined, revision: number): Promise<boolean>;
  clearNote(resultId: string, revision: number): Promise<void>;
  putPages(resultId: string, pages: readonly NewPage[]): Promise<void>;
  archive(resultId: string, snapshot: Archived, now: number): Promise<void>;
  /** Replaces the current row, if it is still the revision before. */
  advance(resultId: string, snapshot: Snapshot, before: number): Promise<boolean>;
  /** Moves a current row that is still as found on to a revision, its content as it is: who publishes on top of what was found loses. */
  fence(resultId: string, found: StoredGroup, to: number): Promise<boolean>;
  /**
   * Lets pages go that the current row doesn't name any more: after their history row, or soon where they were introduced
   * since the current version began (`since`) and no history row can name them.
   */
  expirePages(resultId: string, pages: readonly Page[], since: number, now: number): Promise<void>;
  /** The same for every page introduced up to `revision` that `kept` doesn't name. */
  expireOthers(
    resultId: string,
    kept: readonly Page[],
    upTo: { revision: number; since: number; now: number },
  ): Promise<void>;
}

/** The change record of each version. */
export interface Changes {
  /** What a version that is current or was changed; undefined where that isn't recorded (yet). */
  change(resultId: string, publishedAt: number): Promise<Recorded | undefined>;
  /** Records it, where it isn't yet. */
  putChange(resultId: string, snapshot: Snapshot, change: Change): Promise<void>;
  /** Lets it go with the superseded version's history row. @param at when it was superseded, ms. */
  closeChange(resultId: string, superseded: Archived, at: number): Promise<void>;
}

/** How a group or its personal data goes. */
export interface Erasures {
  /** Makes a group unreadable, and due: its schedule row keeps what outlives it. False: its due time is not the one found any more. */
  bury(resultId: string, found: Schedule | undefined, at: Cleaning): Promise<boolean>;
  /** Puts a row without content in the current row's place, so that whoever began before publishes nothing any more. */
  seal(resultId: string, found: StoredGroup): Promise<boolean>;
  /** Has everything cut from a group that isn't to be kept, whenever it is followed. False: its due time is not the one found any more. */
  redact(resultId: string, found: Schedule | undefined, at: Cleaning): Promise<boolean>;
  /** Deletes what is erased of a group's pages, history and changes, and rewrites the rest. @returns the rows that it found to do. */
  clean(resultId: string, what: Cleaned, signal: AbortSignal): Promise<number>;
  /** Nothing is left to clean: due no more for that. */
  cleaned(resultId: string, cleanUntil: number): Promise<boolean>;
  /** Moves the due time of a group that nobody follows. */
  rest(resultId: string, from: number, next: number | undefined): Promise<boolean>;
  /**
   * Deletes the rows of a group that holds nothing, if its due time and its revision still stand and nobody asked for it.
   * What an erasure or a redaction left in its schedule row stays.
   */
  forget(resultId: string, due: number, revision: number): Promise<boolean>;
}

/** All of it: what a refresh uses. */
export type Store = Schedules & Snapshots & Publications & Changes & Erasures;

/** What one caller may still do in a window of time. Reading and counting are two steps: calls at the same time may exceed it. */
export interface Quota {
  /** What is left in the window; 0 where the quota is spent, or exceeded. */
  remaining(): Promise<number>;
  count(n: number): Promise<void>;
}

/** When something is to be cleaned. */
export interface Cleaning {
  readonly now: number;
  /** Not the due time found, so that whoever began from that one ends nothing. */
  readonly due: number;
  readonly until: number;
}

/** What is cleaned: up to a version and a revision deleted, the rest rewritten, where it has to be. */
export interface Cleaned {
  readonly version: number;
  readonly revision: number;
  readonly rewrite: ((text: string) => string) | undefined;
}

/** What a version was, and changed of the one before. */
export interface Recorded extends Change {
  readonly version: number;
  readonly publishedAt: number;
  readonly totalText: string;
  readonly overallStatusText: string;
  readonly phase: Phase;
  /** When AnyCheck last said that it was still so, where it is superseded, and when it was. */
  readonly confirmedUntil: number | undefined;
  readonly supersededAt: number | undefined;
  /** Seconds since the epoch, where it is superseded. */
  readonly expires: number | undefined;
}

/** What happened to groups, version by version. */
export interface History {
  /** Newest first, older than a version published at `before`. */
  changes(resultId: string, before: number | undefined, limit: number): Promise<Recorded[]>;
  /** The newest version published by a time, expired or not. */
  changeAt(resultId: string, time: number): Promise<Recorded | undefined>;
}

export interface Filter {
  readonly phase: Phase | undefined;
  readonly overallStatus: string | undefined;
}

/** A part of the list of groups, in the order of their last change: the positions before one, or after one, without it. */
export type Range = { readonly order: Order } & (
  | { readonly before?: string | undefined; readonly after?: undefined }
  | { readonly after?: string | undefined; readonly before?: undefined }
);

/** The groups that are followed. */
export interface Groups {
  /**
   * @returns at most `limit`, and where to go on: there may be more, even where it gives fewer, or none.
   */
  list(filter: Filter, range: Range, limit: number): Promise<{ found: Followed[]; next: string | undefined }>;
  get(resultId: string): Promise<Followed | undefined>;
}

export interface Followed {
  readonly resultId: string;
  readonly schedule: Tracked;
}

/** Where erasures and redactions are recorded beside the table, for after it was restored to a moment before them. */
export interface Ledger {
  record(kind: LedgerEntry['kind'], resultId: string, at: number): Promise<void>;
}

export interface LedgerEntry {
  readonly kind: 'erase' | 'redact';
  readonly resultId: string;
  /** ms since the epoch. */
  readonly at: number;
}

export interface Due {
  readonly resultId: string;
  readonly due: number;
}

export interface DueIndex {
  /** The groups due by `now`, oldest first, at most `limit`. */
  due(now: number, limit: number): Promise<Due[]>;
  /** The same of erased groups, which are due to be cleaned. */
  toClean(now: number, limit: number): Promise<Due[]>;
}

export interface RefreshQueue {
  /** Queues each once, however often it is asked within five minutes. */
  enqueue(groups: readonly Due[]): Promise<void>;
}
