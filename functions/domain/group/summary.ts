import type { Group } from './group.ts';
import { isKnownStatus } from './phase.ts';

/** The summary of a group in listings. */
export interface Summary {
  readonly total: number;
  readonly overallStatus: string | null;
  /** How many verifications have each status. */
  readonly statusCounts: Readonly<Record<string, number>>;
}

/**
 * Limits for statuses that AnyCheck does not document: how many are counted by name, and how many characters a name
 * has. They bound the summary, because every refresh writes it.
 */
const MAX_UNKNOWN = 5;
const MAX_LENGTH = 40;
const OTHER = 'OTHER';

/**
 * Summarises a group. A verification without a status counts under `null`; statuses over
 * the limits count under `OTHER`.
 */
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
