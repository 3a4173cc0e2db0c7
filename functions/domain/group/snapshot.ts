import type { Phase } from './phase.ts';

/** A run of consecutive items of a snapshot that are stored together. */
export interface Page {
  /**
   * The revision that first stored it. It is part of the keys of its rows, so that no later
   * revision reuses an expired page.
   */
  readonly introduced: number;
  /** The hash of its items' content. */
  readonly hash: string;
  readonly count: number;
  /** Rows that its packed bytes take; more than one where an item is too large for one row. */
  readonly rows: number;
}

/** One complete, consistent, immutable copy of a group. */
export interface Snapshot {
  readonly version: number;
  /** Counts the writes of the current record. Renewed links are a new revision of the same version. */
  readonly revision: number;
  /** The revision that began this version. No archive record names a page that was introduced since. */
  readonly since: number;
  /** When this version was published, ms since the epoch; at least 1 ms after the version before. */
  readonly publishedAt: number;
  /** When the first version of the group that is not erased was published, ms since the epoch. */
  readonly began: number;
  /** When the fetch of this revision began, and when its links were last stored, ms since the epoch. */
  readonly fetchedAt: number;
  readonly revisedAt: number;
  readonly totalText: string;
  readonly overallStatusText: string;
  readonly phase: Phase;
  readonly hadItems: boolean;
  /** Whether the stored content is redacted. */
  readonly isRedacted: boolean;
  /** The hashes of contentHash and bytesHash. */
  readonly content: string;
  readonly bytes: string;
  /** The packed items, where they fit into the current record; else they are in pages. */
  readonly inline: Uint8Array | undefined;
  readonly pages: readonly Page[];
}

/** A superseded snapshot. */
export interface Archived extends Snapshot {
  /** When AnyCheck last confirmed it, ms since the epoch. */
  readonly confirmedUntil: number;
}
