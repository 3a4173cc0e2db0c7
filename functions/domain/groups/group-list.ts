import type { Phase } from '../group/phase.ts';
import type { Order } from '../group/position.ts';
import type { Tracked } from '../group/schedule.ts';

export interface Filter {
  readonly phase: Phase | undefined;
  readonly overallStatus: string | undefined;
  /** Whether only groups match whose refreshes fail for a reason that concerns the group alone. */
  readonly isFailing: boolean;
}

/**
 * A range of the list of groups, sorted by last change, or of the failing ones, sorted by the begin of the failures: the
 * positions before or after one, exclusive.
 */
export type Range = { readonly order: Order } & (
  | { readonly before?: string | undefined; readonly after?: undefined }
  | { readonly after?: string | undefined; readonly before?: undefined }
);

/** The tracked groups. */
export interface Groups {
  /**
   * Lists groups.
   * @returns at most `limit` groups, and the position from which to continue; undefined at the end. A page may hold
   * fewer groups, or none, although more follow.
   */
  list(filter: Filter, range: Range, limit: number): Promise<{ found: TrackedGroup[]; next: string | undefined }>;
  get(resultId: string): Promise<TrackedGroup | undefined>;
}

export interface TrackedGroup {
  readonly resultId: string;
  readonly schedule: Tracked;
}
