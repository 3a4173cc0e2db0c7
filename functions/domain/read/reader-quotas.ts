import type { Schedule, StoredGroup } from '../group/schedule.ts';
import type { RefreshResult } from '../refresh/refresh.ts';
import { NOT_ASKED } from '../upstream/errors.ts';
import type { Quota } from './quota.ts';

export interface ReaderQuotas {
  /** By the minute: calls to AnyCheck that showed the caller no verifications. */
  readonly unknownReads: Quota;
  /** By the day: groups that the caller has added. */
  readonly newGroups: Quota;
}

/**
 * Whether a caller may have AnyCheck asked about a group without a snapshot.
 * @param schedule undefined where the read may leave the group's first row.
 */
export async function mayAsk(
  { unknownReads, newGroups }: ReaderQuotas,
  schedule: Schedule | undefined,
): Promise<boolean> {
  const left = await Promise.all([unknownReads, ...(schedule ? [] : [newGroups])].map((quota) => quota.remaining()));
  return left.every((one) => one > 0);
}

/**
 * Counts a read for which AnyCheck was asked and showed no verifications, and the row that it left.
 * @param before the group's schedule record before the read.
 */
export async function countRead(
  { unknownReads, newGroups }: ReaderQuotas,
  before: Schedule | undefined,
  result: RefreshResult,
  { snapshot }: StoredGroup,
): Promise<void> {
  if (snapshot?.hadItems) return;
  const isAsked = !(result.kind === 'failed' && NOT_ASKED.has(result.error.reason));
  const leavesRow = !before && result.kind !== 'not_found';
  await Promise.all([isAsked && unknownReads.count(1), leavesRow && newGroups.count(1)]);
}
