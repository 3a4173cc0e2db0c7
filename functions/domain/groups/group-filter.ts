import type { Filter } from './group-list.ts';

/** Whether a tracked group matches a filter. */
export const letsThrough = (
  { phase, overallStatus, isFailing }: Filter,
  group: { readonly phase: string; readonly overallStatus: string | null; readonly isFailing: boolean },
): boolean =>
  (phase === undefined || group.phase === phase) &&
  (overallStatus === undefined || group.overallStatus === overallStatus) &&
  (!isFailing || group.isFailing);
