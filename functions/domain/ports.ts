import type { NewPage } from './pages.ts';
import type { Phase } from './phase.ts';
import type { Archived, Page, Snapshot } from './snapshot.ts';
import type { Listing } from './verification.ts';

/** AnyCheck. Whatever keeps it from answering is thrown as an UpstreamError. */
export interface AnyCheck {
  list(resultId: string, page: { offset: number; size: number }, signal: AbortSignal): Promise<Listing>;
}

/** The small row that every look at a group updates. Times in ms since the epoch. */
export interface Schedule {
  readonly firstSeen: number;
  /** When the group is to be looked at next; undefined: not before somebody asks. */
  readonly due: number | undefined;
  /** Until then one reader's fetch has the group to itself. */
  readonly leaseUntil: number | undefined;
  readonly lastAttempt: number | undefined;
  /** When the last good fetch began, and the version that it confirmed. */
  readonly confirmedAt: number | undefined;
  readonly confirmedVersion: number | undefined;
  /** As of the last good look: a group without items changes its phase with its age alone. */
  readonly phase: Phase | undefined;
  /** Failed looks in a row, and the last one's reason. */
  readonly failures: number;
  readonly lastError: string | undefined;
  /** The revision that is being published; a run that finds it finishes it. */
  readonly publishing: number | undefined;
  /** The due time of a message whose worker died: it is still taken, now and when it comes back from the dead letters. */
  readonly suspect: number | undefined;
  /** When a reader last made AnyCheck be asked about it. */
  readonly forcedAt: number | undefined;
  /** Items of a page to begin the next look with; undefined: as many as AnyCheck gives. */
  readonly pageSize: number | undefined;
}

/** The schedule row of a group that somebody is about to look at. */
export type DueSchedule = Schedule & { readonly due: number };

/** What is stored of a group. Without a schedule it is unknown. */
export interface StoredGroup {
  readonly schedule: Schedule | undefined;
  /** The current row's revision, 0 where there is none: a publish is fenced by it. */
  readonly revision: number;
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
    | { readonly confirmedAt: number; readonly version: number; readonly phase: Phase; readonly publishedAt: number }
    | { readonly failures: number; readonly error: string };
}

/**
 * Conditional writes answer whether they were made; one whose answer was lost and that is sent again counts as made. All reads
 * are strongly consistent.
 */
export interface Store {
  read(resultId: string): Promise<StoredGroup>;
  archived(resultId: string, version: number): Promise<Archived | undefined>;
  /** Packed bytes of each page, in order. */
  pages(resultId: string, pages: readonly Page[]): Promise<Uint8Array[]>;

  /**
   * Takes a group for one reader's fetch by moving its due time to the lease's end; makes its first row where it has none.
   */
  claim(resultId: string, from: Schedule | undefined, now: number, until: number): Promise<boolean>;
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
   * queued for `message`. False: its due time is not `from` any more.
   */
  suspect(
    resultId: string,
    at: {
      readonly from: number;
      readonly message: number;
      readonly next: number;
      readonly attempt: number;
      readonly failures: number;
    },
  ): Promise<boolean>;

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
  /** Moves a current row that is still at `from` on to `to`, its content as it is: who publishes on top of `from` loses. */
  fence(resultId: string, from: number, to: number): Promise<boolean>;
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

  /** Deletes the rows of a group that holds nothing, if its due time and its revision still stand and nobody asked for it. */
  forget(resultId: string, due: number, revision: number): Promise<boolean>;
}

export interface Due {
  readonly resultId: string;
  readonly due: number;
}

export interface DueIndex {
  /** The groups due by `now`, oldest first, at most `limit`. */
  due(now: number, limit: number): Promise<Due[]>;
}

export interface RefreshQueue {
  /** Queues each once, however often it is asked within five minutes. */
  enqueue(groups: readonly Due[]): Promise<void>;
}
