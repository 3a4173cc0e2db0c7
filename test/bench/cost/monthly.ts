import type { Measured } from '../units/measure.ts';
import guarded from '../units/ours.json' with { type: 'json' };
import { type Bill, groupDay, read, type Units } from './bill.ts';
import { fixed } from './fixed.ts';
import { averageLooks, type Looks, OURS } from './life.ts';

const DAYS = 365.25 / 12;
const OWN: Readonly<Record<string, Measured>> = guarded;

/** Ours, as the guard of units holds it to: no engine is needed to reckon with it. */
const guardedUnits: Units = (items) => {
  const measured = OWN[items];
  if (!measured) throw new Error(`nobody measured a group of ${items} items`);
  return measured;
};

export interface Load {
  /** Groups in their first 30 days, all month. */
  readonly groups: number;
  /** Reads of 10 items, of each group and day. */
  readonly readsPerGroupDay: number;
}

/** Dollars a month, by what they are paid for, of ours unless units and looks are a rival's. Prices: see prices.ts. */
export function dollarsAMonth(
  { groups, readsPerGroupDay }: Load,
  units = guardedUnits,
  looks: Looks = averageLooks(OURS),
): Bill {
  const sum: Record<string, number> = { ...fixed() };
  const add = (bill: Bill, times: number) => {
    for (const [name, dollars] of Object.entries(bill)) sum[name] = (sum[name] ?? 0) + times * dollars;
  };
  add(groupDay(units, looks), groups * DAYS);
  add(read(units), groups * readsPerGroupDay * DAYS);
  return sum;
}
