import type { Schedule } from '../group/schedule.ts';
import type { RefreshResult } from '../refresh/refresh.ts';
import { REASONS_WITHOUT_CALL } from '../upstream/errors.ts';
import type { Quota } from './quota.ts';

export interface ReaderQuotas {
  /** By the minute: calls to AnyCheck that showed the caller no verifications. */
  readonly unknownReads: Quota;
  /** By the day: groups that the caller has added. */
  readonly newGroups: Quota;
}

export type SpentQuota = 'unknown_reads' | 'new_groups';

/**
 * The quota that keeps a caller from having AnyCheck asked about a group without a snapshot; undefined where none does.
 * @param schedule undefined where the read may leave the group's first row.
 */
export async function spentQuota(
  { unknownReads, newGroups }: ReaderQuotas,
  schedule: Schedule | undefined,
): Promise<SpentQuota | undefined> {
  const [reads, groups] = await Promise.all([unknownReads.remaining(), schedule ? 1 : newGroups.remaining()]);
  if (reads <= 0) return 'unknown_reads';
  return groups <= 0 ? 'new_groups' : undefined;
}

/**
 * Counts a read for which AnyCheck was asked and showed no verifications, and the row that it left.
 * @param before the group's schedule record before the read.
 * @param result undefined where the refresh broke off: it may have asked, and may have left a row.
 */
export async function countRead(
  { unknownReads, newGroups }: ReaderQuotas,
  before: Schedule | undefined,
  result: RefreshResult | undefined,
): Promise<void> {
  const hasAsked = !(result?.kind === 'failed' && REASONS_WITHOUT_CALL.has(result.error.reason));
  const leavesRow = !before && result?.kind !== 'not_found';
  await Promise.all([hasAsked && unknownReads.count(1), leavesRow && newGroups.count(1)]);
}
