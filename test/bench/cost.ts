import { type Bill, groupDay, MIX, read, total } from './cost/bill.ts';
import { announced, eventBytes, VERSIONS } from './cost/events.ts';
import { keyChecks } from './cost/key-checks.ts';
import { averageLife } from './cost/life.ts';
import { dollarsAMonth } from './cost/monthly.ts';
import { type Priced, priced } from './cost/priced.ts';
import { inMillions, pricesIn, REGIONS } from './cost/prices.ts';
import { byRegion, LOADS, READS_PER_DAY, regionalPrices } from './cost/regions.ts';
import type { Bench, Table } from './table.ts';
import { dollarTables } from './webhooks/cost-tables.ts';

const ASSUMPTIONS = [
  `Groups: ${MIX.map(({ items, share }) => `${share * 100} % of ${items}`).join(', ')} items. 80 % settle within 10 minutes, 15 % within 6 hours, 5 % wait for a person for up to 10 days. Each changes half-way and at its end. Refreshes come from the real cadence, for 30 days, with a sweep every minute.`,
  'In every layout, a refresh of a group whose links were stored an hour ago stores new links, because AnyCheck signs them at each call.',
  'All layouts have the same API, functions, logs and audit lines, so they differ only in storage. Layouts without "+" have no due time: at every sweep they refresh every group that is not settled, and no settled one. How they find these groups is not counted.',
  'This service also lists groups by phase and finishes a dead worker’s publish; no other layout does. "One packed row +" holds no group of 10,000 items.',
  'Functions: 1 GB, arm64. A read takes 3 ms, and 5 ms per request to DynamoDB. A refresh takes 300 ms more per call to AnyCheck. 1 of 10 audit lines starts the forwarder. Storage is the content at the end with every earlier version, backed up. No free tiers. Data transfer out is not counted.',
];

/** Dollars of this service and of other layouts, from measured units and public prices. */
export const bench: Bench = async () => {
  const all = await priced();
  if (all.length === 0) {
    return [{ title: 'Cost', notes: ['Left out: no Java was found to run DynamoDB Local.'], columns: ['-'], rows: [] }];
  }
  return [
    bills(
      '$ for a million reads of 10 items',
      all,
      ({ units }) => read(units),
      'The snapshot is fresh, so a read requests no refresh.',
    ),
    bills(
      '$ for a million group-days, without reads',
      all,
      ({ units, way }) => groupDay(units, averageLife(way, 0).refreshes),
      ...ASSUMPTIONS,
    ),
    {
      title: `$ a month, in ${REGIONS['us-east-1']} (us-east-1)`,
      notes: [
        `Groups in their first 30 days, each read ${READS_PER_DAY} times a day, evenly. In the layouts with a due time, a read of a snapshot that is older than its staleness threshold requests a refresh. The fixed costs, which occur without any group, are included.`,
      ],
      columns: ['groups', ...all.map(({ layout }) => layout.name)],
      rows: LOADS.map(({ name, groups }) => [
        name,
        ...all.map((one) => total(dollarsAMonth({ groups, readsPerGroupDay: READS_PER_DAY }, one)).toFixed(2)),
      ]),
    },
    byRegion(all),
    announcing(),
    keyChecks(),
    ...(await dollarTables()),
    {
      title: 'Prices',
      notes: ['N. Virginia (us-east-1), as of 2026-11-25; see test/bench/cost/prices.ts.'],
      columns: ['unit', '$ a million', 'source'],
      rows: pricesIn('us-east-1').map(({ dollars, unit, source }) => [unit, inMillions(dollars), source]),
    },
    regionalPrices(),
  ];
};

function bills(title: string, priced: readonly Priced[], billOf: (one: Priced) => Bill, ...notes: string[]): Table {
  const columns = priced.map((one) => billOf(one));
  const names = Object.keys(columns[0] ?? {});
  const cells = (dollars: (bill: Bill) => number) => columns.map((bill) => (1e6 * dollars(bill)).toFixed(2));
  return {
    title,
    notes,
    columns: [
      '',
      ...priced.map(({ layout }) =>
        layout.lacks.length > 0 ? `${layout.name} (no ${layout.lacks.join(', no ')})` : layout.name,
      ),
    ],
    rows: [...names.map((name) => [name, ...cells((bill) => bill[name] ?? 0)]), ['total', ...cells(total)]],
  };
}

/** Dollars to announce versions, from the real events. Subscribers pay for what they attach to the bus. */
function announcing(): Table {
  const rows = MIX.flatMap(({ items }) =>
    Object.entries(VERSIONS).map(([name, version]) => {
      const bytes = eventBytes(items, version(items));
      const bill = announced(bytes);
      return [items, name, bytes.join(' + '), ...Object.values(bill).map((one) => (1e6 * one).toFixed(2))];
    }),
  );
  return {
    title: '$ for a million announced versions',
    notes: [
      'Bytes are those of the events. DynamoDB: the event records and the marks, computed, not measured. "All settled" has a second event, `group.settled`. Not part of the sums above.',
    ],
    columns: ['items', 'version', 'bytes', 'EventBridge', 'DynamoDB'],
    rows,
  };
}
