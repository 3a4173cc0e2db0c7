import type { Filter } from './group-list.ts';

/** Whether a filter lets a group through that is, or was, like this. */
export const letsThrough = (
  { phase, overallStatus }: Filter,
  group: { readonly phase: string; readonly overallStatus: string | null },
): boolean =>
  (phase === undefined || group.phase === phase) &&
  (overallStatus === undefined || group.overallStatus === overallStatus);
