import type { AttributeChanges } from '../requests/update-expression.ts';
import { shardOf, WITHOUT_CALLS } from './keys.ts';

/** The changes of a schedule row that set its due time. Each replaces what the others set. */
type DueChange = Required<Pick<AttributeChanges, 'set' | 'remove'>>;

export const dueForRefresh = (resultId: string, due: number): DueChange => ({
  set: { due, due_shard: shardOf(resultId) },
  remove: ['refresh_due'],
});

/** @param refreshDue when the next refresh is due, ms since the epoch; null where none is. */
export const dueForAnnouncement = (due: number, refreshDue: number | null): DueChange => ({
  set: { due, due_shard: WITHOUT_CALLS, refresh_due: refreshDue },
  remove: [],
});

export const dueForCleaning = (due: number): DueChange => ({
  set: { due, due_shard: WITHOUT_CALLS },
  remove: ['refresh_due'],
});

export const NOT_DUE: DueChange = { set: {}, remove: ['due', 'due_shard', 'refresh_due'] };
