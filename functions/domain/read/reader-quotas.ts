import type { Schedule } from '../group/schedule.ts';
import type { RefreshResult } from '../refresh/refresh.ts';
import { REASONS_WITHOUT_CALL } from '../upstream/errors.ts';
import type { Quota } from './quota.ts';

export interface ReaderQuotas {
  /** Per minute: reads for which AnyCheck was called and returned no verifications. */
  readonly unknownReads: Quota;
  /** Per day: groups that the caller added. */
  readonly newGroups: Quota;
}

export type SpentQuota = 'unknown_reads' | 'new_groups';

/**
 * Returns the spent quota that forbids a caller to fetch a group without a snapshot; undefined
 * where the fetch is allowed.
 * @param schedule the group's schedule record; undefined where the read may add the group.
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
 * Counts a read for which AnyCheck returned no verifications against the caller's quotas: as an unknown read where
 * AnyCheck was called, and as a new group where the read added one.
 * @param before the group's schedule record before the read.
 * @param result undefined where the refresh threw: it may have called AnyCheck and added the
 * group, so both are counted.
 */
export async function countRead(
  { unknownReads, newGroups }: ReaderQuotas,
  before: Schedule | undefined,
  result: RefreshResult | undefined,
): Promise<void> {
  const hasCalled = !(result?.kind === 'failed' && REASONS_WITHOUT_CALL.has(result.error.reason));
  const addsGroup = !before && result?.kind !== 'not_found';
  await Promise.all([hasCalled && unknownReads.count(1), addsGroup && newGroups.count(1)]);
}
