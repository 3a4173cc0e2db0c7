import type { Filter } from './group-list.ts';

/** Whether a group with this phase and overall status matches a filter. */
export const letsThrough = (
  { phase, overallStatus }: Filter,
  group: { readonly phase: string; readonly overallStatus: string | null },
): boolean =>
  (phase === undefined || group.phase === phase) &&
  (overallStatus === undefined || group.overallStatus === overallStatus);
