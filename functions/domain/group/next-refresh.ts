import type { Schedule } from './schedule.ts';

/** Returns when the next refresh of a group is due, ms since the epoch; undefined where only a request makes it due. */
export const nextRefresh = ({ due, refreshDue }: Pick<Schedule, 'due' | 'refreshDue'>): number | undefined =>
  refreshDue === undefined ? due : (refreshDue ?? undefined);
