import type { Group } from './group.ts';
import { isKnownStatus } from './phase.ts';

/** The summary of a group in listings. */
export interface Summary {
  readonly total: number;
  readonly overallStatus: string | null;
  /** How many verifications have each status. A list, since a status of AnyCheck's may be any text. */
  readonly statusCounts: readonly StatusCount[];
}

export type StatusCount = readonly [status: string, count: number];

/**
 * Limits for statuses that AnyCheck does not document: how many are counted by name, and how many characters the JSON
 * text of a name has. They bound the summary, because every refresh writes it.
 */
const MAX_UNKNOWN = 5;
const MAX_LENGTH = 40;
const OTHER = 'OTHER';

/**
 * Summarises a group, whatever the order of its items. A verification without a status counts under `null`; statuses
 * over the limits count under `OTHER`.
 */
export function summaryOf({ items, totalText, overallStatus }: Group): Summary {
  const all = countsOf(items.map(({ status }) => status ?? 'null'));
  const named = [...all.keys()].filter((name) => !isKnownStatus(name) && JSON.stringify(name).length <= MAX_LENGTH + 2);
  const unknown = new Set(named.sort().slice(0, MAX_UNKNOWN));
  const nameOf = (name: string) => (isKnownStatus(name) || unknown.has(name) ? name : OTHER);
  return {
    total: Number(totalText),
    overallStatus: overallStatus === null ? null : storable(overallStatus),
    statusCounts: [...countsOf(items.map(({ status }) => nameOf(status ?? 'null')))].sort(),
  };
}

/** Counts how often each name occurs. */
export function countsOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Returns the beginning of a text, in valid Unicode: a database takes no half of a surrogate pair. */
const storable = (text: string) => text.slice(0, MAX_LENGTH).toWellFormed();
