import type { Phase } from '../group/phase.ts';
import type { Order } from '../group/position.ts';
import type { Tracked } from '../group/schedule.ts';

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
  list(filter: Filter, range: Range, limit: number): Promise<{ found: TrackedGroup[]; next: string | undefined }>;
  get(resultId: string): Promise<TrackedGroup | undefined>;
}

export interface TrackedGroup {
  readonly resultId: string;
  readonly schedule: Tracked;
}
