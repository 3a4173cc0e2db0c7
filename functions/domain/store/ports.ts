import type { Change } from '../group/change.ts';
import type { NewPage, Room } from '../group/pages.ts';
import type { Phase } from '../group/phase.ts';
import type { Schedule, StoredGroup } from '../group/schedule.ts';
import type { Archived, Page, Snapshot } from '../group/snapshot.ts';
import type { Summary } from '../group/summary.ts';

/** How a look ended, to be written into the schedule row. */
export interface RefreshAttempt {
  /** The due time that it started from: it moves only if it is still that. */
  readonly from: number;
  /** Undefined: not before somebody asks. */
  readonly next: number | undefined;
  /** The note that this run found or made, and ends: with another one there, another run has taken over. */
  readonly intent: number | undefined;
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
        readonly summary: Summary;
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
  expedite(resultId: string, now: number): Promise<boolean>;
  /**
   * Asks for a look that begins after `now` at a group that is due or being fetched: whoever is looking at it leaves it due.
   * @returns the due times under which it is to be queued: none for an unknown group, or where that was done.
   */
  requestRefresh(resultId: string, now: number): Promise<number[]>;
  /**
   * Writes how a look ended. Where somebody asked for a look since it began, the group stays due at once. False: another due
   * time was set in the meantime, which stands.
   */
  finish(resultId: string, look: RefreshAttempt): Promise<boolean>;
  /**
   * Sets a group aside whose look killed its worker: it is due again at `next`, whatever becomes of the message that was
   * queued for `message`. False: its due time is not `from` any more, or its note not the one found: somebody else is at it.
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
    },
  ): Promise<boolean>;
  /**
   * Begins to follow a group, due now. `erased`: nobody follows it, and what was there of it can still come back.
   * @param now ms since the epoch, its due time.
   */
  track(resultId: string, now: number): Promise<'accepted' | 'known' | 'erased'>;
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
  readonly room: Room;
  /**
   * Notes which revision is being published, if the due time and the note that was found still stand: one run at a time
   * publishes, and no two the same revision.
   */
  recordPublishIntent(resultId: string, due: number, found: number | undefined, revision: number): Promise<boolean>;
  clearPublishIntent(resultId: string, revision: number): Promise<void>;
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
  entomb(resultId: string, found: Schedule | undefined, at: Cleaning): Promise<boolean>;
  /** Puts a row without content in the current row's place, so that whoever began before publishes nothing any more. */
  fenceTombstone(resultId: string, found: StoredGroup): Promise<boolean>;
  /** Has everything cut from a group that isn't to be kept, whenever it is followed. False: its due time is not the one found any more. */
  redact(resultId: string, found: Schedule | undefined, at: Cleaning): Promise<boolean>;
  /** Deletes what is erased of a group's pages, history and changes, and rewrites the rest. @returns the rows that it found to do. */
  clean(resultId: string, what: Cleaned, signal: AbortSignal): Promise<number>;
  /** Nothing is left to clean: due no more for that. */
  cleaned(resultId: string, cleanUntil: number): Promise<boolean>;
  /** Moves the due time of a group that nobody follows. */
  reschedule(resultId: string, from: number, next: number | undefined): Promise<boolean>;
  /**
   * Deletes the rows of a group that holds nothing, if its due time and its revision still stand and nobody asked for it.
   * What an erasure or a redaction left in its schedule row stays.
   */
  drop(resultId: string, due: number, revision: number): Promise<boolean>;
}

/** All of it: what a refresh uses. */
export type Store = Schedules & Snapshots & Publications & Changes & Erasures;

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
