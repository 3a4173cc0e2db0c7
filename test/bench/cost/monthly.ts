import type { Measured } from '../units/measure.ts';
import guarded from '../units/ours.json' with { type: 'json' };
import { type Bill, groupDay, MONTH, read, type Units } from './bill.ts';
import { fixed } from './fixed.ts';
import { averageLife, DAYS, OURS } from './life.ts';
import { VIRGINIA } from './prices.ts';

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

/**
 * Dollars a month, by what they are paid for, of this service in N. Virginia, unless units, refreshes and prices are
 * others.
 */
export function dollarsAMonth(
  { groups, readsPerGroupDay }: Load,
  { units = guardedUnits, way = OURS } = {},
  dollars = VIRGINIA,
): Bill {
  const sum: Record<string, number> = { ...fixed(dollars) };
  const add = (bill: Bill, times: number) => {
    for (const [name, one] of Object.entries(bill)) sum[name] = (sum[name] ?? 0) + times * one;
  };
  const { refreshes, requested } = averageLife(way, readsPerGroupDay);
  const groupDays = groups * MONTH;
  add(groupDay(units, refreshes, dollars), groupDays);
  add({ 'Refresh requests': EXPEDITE_UNITS * dollars('writeUnit') + dollars('queue') }, (groupDays / DAYS) * requested);
  add(read(units, dollars), groupDays * readsPerGroupDay);
  return sum;
}
