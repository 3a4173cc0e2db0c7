import { NOT_ASKED } from './errors.ts';
import type { Allowance, Schedule, StoredGroup } from './ports.ts';
import type { RefreshResult } from './refresh.ts';

export interface ReaderAllowances {
  /** The caller's, of a minute: for the calls to AnyCheck. */
  readonly allowance: Allowance;
  /** The caller's, of a day, which what it follows is taken from, too: for the groups that are kept. */
  readonly kept: Allowance;
}

/** What the fetch of a group without a snapshot was taken from. */
export interface Charge {
  readonly call: string;
  /** Where the group had no row. */
  readonly row: string | undefined;
}

/** @returns undefined where the caller has nothing left: AnyCheck is not asked then. */
export async function takeForRead(
  { allowance, kept }: ReaderAllowances,
  schedule: Schedule | undefined,
): Promise<Charge | undefined> {
  const call = await allowance.take(1);
  if (call === undefined || schedule) return call === undefined ? undefined : { call, row: undefined };
  const row = await kept.take(1);
  if (row !== undefined) return { call, row };
  await allowance.giveBack(call, 1);
  return undefined;
}

/**
 * Gives back the call where AnyCheck was not asked, or showed verifications; the row where none was left. A row that is left is
 * paid for until a look brings verifications.
 * @param result undefined where somebody else had the group.
 */
export async function settleRead(
  { allowance, kept }: ReaderAllowances,
  { call, row }: Charge,
  result: RefreshResult | undefined,
  { snapshot }: StoredGroup,
): Promise<void> {
  const isAsked = result !== undefined && !(result.kind === 'failed' && NOT_ASKED.has(result.error.reason));
  await Promise.all([
    (!isAsked || snapshot?.hadItems) && allowance.giveBack(call, 1),
    row !== undefined && (!result || result.kind === 'not_found') && kept.giveBack(row, 1),
  ]);
}
