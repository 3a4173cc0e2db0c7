import type { Phase } from './phase.ts';

/** One stored run of a snapshot's items. */
export interface Page {
  /** The revision that first stored it: part of its rows' keys, so that a superseded page never lives again. */
  readonly introduced: number;
  /** Of its items' contents. */
  readonly hash: string;
  readonly count: number;
  /** Rows that its packed bytes take: more than one where an item is too large for a row. */
  readonly rows: number;
}

/** One complete, consistent, immutable copy of a group. */
export interface Snapshot {
  readonly version: number;
  /** Counts the writes of the current row: renewed links are a new revision of the same version. */
  readonly revision: number;
  /** The revision that began this version: history names no page introduced since. */
  readonly since: number;
  /** When this version was published, ms: max(now, the version before + 1). */
  readonly publishedAt: number;
  /** When the first version of it was published that isn't erased, ms. */
  readonly began: number;
  /** When the fetch that this revision holds began, and when this revision was stored, ms. */
  readonly fetchedAt: number;
  readonly revisedAt: number;
  readonly totalText: string;
  readonly overallStatusText: string;
  readonly phase: Phase;
  readonly hadItems: boolean;
  /** Whether what it holds is redacted. */
  readonly isRedacted: boolean;
  /** See contentHash and bytesHash. */
  readonly content: string;
  readonly bytes: string;
  /** The items: packed here where they are few, else in pages. */
  readonly inline: Uint8Array | undefined;
  readonly pages: readonly Page[];
}

/** A superseded snapshot. */
export interface Archived extends Snapshot {
  /** When AnyCheck last said that it was still so, ms. */
  readonly confirmedUntil: number;
}
