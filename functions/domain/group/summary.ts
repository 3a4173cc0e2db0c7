import type { Group } from './group.ts';
import { isKnownStatus } from './phase.ts';

/** A group in a few words. */
export interface Summary {
  readonly total: number;
  readonly overallStatus: string | null;
  /** How many verifications have each status. */
  readonly statusCounts: Readonly<Record<string, number>>;
}

/** Statuses that AnyCheck doesn't document, and letters of one, that are counted by name: every look writes them. */
const MAX_UNKNOWN = 5;
const MAX_LENGTH = 40;
const OTHER = 'OTHER';

/** What is told of a group in a list of groups. A verification without a status counts as `null`. */
export function summaryOf({ items, totalText, overallStatus }: Group): Summary {
  const counts = new Map<string, number>();
  let unknown = 0;
  const nameOf = (status: string) => {
    if (isKnownStatus(status) || counts.has(status)) return status;
    return status.length > MAX_LENGTH || ++unknown > MAX_UNKNOWN ? OTHER : status;
  };
  for (const item of items) {
    const name = nameOf(item.status ?? 'null');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return {
    total: Number(totalText),
    overallStatus: overallStatus?.slice(0, MAX_LENGTH) ?? null,
    statusCounts: Object.fromEntries(counts),
  };
}
