import { parseSettings } from '../../../lib/settings/settings.ts';
import type { Measured } from '../units/measure.ts';
import guarded from '../units/ours.json' with { type: 'json' };
import { type Bill, groupDay, read, type Units } from './bill.ts';
import { fixed } from './fixed.ts';
import { averageRefreshes, DAYS as LIFE, OURS, type Refreshes, refreshRequests, withRefreshRequests } from './life.ts';
import { PRICES } from './prices.ts';

const DAYS = 365.25 / 12;
const OWN: Readonly<Record<string, Measured>> = guarded;

/** Ours, as the guard of units holds it to: no engine is needed to reckon with it. */
const guardedUnits: Units = (items) => {
  const measured = OWN[items];
  if (!measured) throw new Error(`no measurement of a group of ${items} items`);
  return measured;
};

export interface Load {
  /** Groups in their first 30 days, all month. */
  readonly groups: number;
  /** Reads of 10 items, of each group and day, spread evenly. */
  readonly readsPerGroupDay: number;
}

/** Write units of pulling a due time to now: the row, and its entry in the index out and in. */
const EXPEDITE_UNITS = 3;
const FRESH = parseSettings({}).fresh_seconds.settled;

/**
 * Dollars a month, by what they are paid for, of this service, unless units and refreshes are those of another layout.
 * Prices: see prices.ts.
 * @param expedites whether a read of a snapshot that is too old requests a refresh, as in this service.
 */
export function dollarsAMonth(
  { groups, readsPerGroupDay }: Load,
  units = guardedUnits,
  refreshes: Refreshes = averageRefreshes(OURS),
  expedites = true,
): Bill {
  const sum: Record<string, number> = { ...fixed() };
  const add = (bill: Bill, times: number) => {
    for (const [name, dollars] of Object.entries(bill)) sum[name] = (sum[name] ?? 0) + times * dollars;
  };
  const early = expedites ? refreshRequests(readsPerGroupDay, FRESH) : 0;
  const groupDays = groups * DAYS;
  add(groupDay(units, withRefreshRequests(refreshes, early)), groupDays);
  add(
    { 'Refresh requests': EXPEDITE_UNITS * PRICES.writeUnit.dollars + PRICES.queue.dollars },
    groupDays * (early / LIFE),
  );
  add(read(units), groupDays * readsPerGroupDay);
  return sum;
}
