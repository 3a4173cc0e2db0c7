import type { Table } from '../table.ts';
import { total } from './bill.ts';
import { DAYS } from './life.ts';
import { dollarsAMonth } from './monthly.ts';
import type { Priced } from './priced.ts';
import { dollarsIn, inMillions, pricesIn, REGIONS, type Region } from './prices.ts';

/** New groups a day of a usual lender. */
const NEW_PER_DAY = 500;
/** Groups in their first 30 days, with the names of their rows. */
export const LOADS: readonly { readonly name: string; readonly groups: number }[] = [
  1_000,
  10_000,
  NEW_PER_DAY * DAYS,
  100_000,
  10_000_000,
].map((groups) => ({
  groups,
  name: `${groups.toLocaleString('en')}${groups === NEW_PER_DAY * DAYS ? ` (${NEW_PER_DAY} new a day)` : ''}`,
}));
export const READS_PER_DAY = 20;

const SERVICE = 'this service';
const POLLER = 'a row each';
const regions = Object.keys(REGIONS).filter((region): region is Region => region in REGIONS);

/** Dollars of this service and of a poller, by region, with and without reads. */
export function byRegion(all: readonly Priced[]): Table {
  const layouts = all.filter(({ layout }) => layout.name === SERVICE || layout.name === POLLER);
  return {
    title: '$ a month by region, beside a poller',
    notes: [
      'The poller requests each group once a minute until it is settled, and stores one row per verification. Both have the same API, functions, logs, audit lines and fixed costs.',
      'A price without a source is that of another region, see "Prices by region". Of DynamoDB and API Gateway in Jakarta no source was found, so its sums are those of Singapore as far as possible.',
    ],
    columns: [
      'groups',
      'reads a day',
      ...regions.flatMap((region) =>
        layouts.map(({ layout }) => `${REGIONS[region]}, ${layout.name === POLLER ? 'a poller' : layout.name}`),
      ),
    ],
    rows: LOADS.flatMap(({ name, groups }) =>
      [0, READS_PER_DAY].map((readsPerGroupDay) => [
        name,
        readsPerGroupDay,
        ...regions.flatMap((region) =>
          layouts.map((one) => total(dollarsAMonth({ groups, readsPerGroupDay }, one, dollarsIn(region))).toFixed(2)),
        ),
      ]),
    ),
  };
}

/** The prices of the regions beside N. Virginia. */
export function regionalPrices(): Table {
  const [, ...others] = regions;
  const columns = others.map((region) => ({ region, found: pricesIn(region) }));
  return {
    title: 'Prices by region',
    notes: [
      '$ a million of a unit, as of 2026-11-30; see test/bench/cost/prices.ts. "Of" names the region of a price where no source was found.',
    ],
    columns: ['unit', ...others.flatMap((region) => [`${REGIONS[region]} (${region})`, 'source'])],
    rows: pricesIn('us-east-1').map(({ unit }, i) => [
      unit,
      ...columns.flatMap(({ region, found }) => {
        const one = found[i];
        if (!one) throw new Error('every region has every price');
        return [inMillions(one.dollars), one.of === region ? one.source : `none found: of ${REGIONS[one.of]}`];
      }),
    ]),
  };
}
