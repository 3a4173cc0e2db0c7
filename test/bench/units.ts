import { engines } from '../fakes/engine.ts';
import { metered } from '../fakes/metered.ts';
import { itemsOf, signed } from './items.ts';
import type { Bench, Table } from './table.ts';
import type { Layout } from './units/contender.ts';
import { largest } from './units/largest.ts';
import { KEEPING, PLAIN } from './units/layouts.ts';
import { type Cost, type Measured, measure, READS, REFRESHES } from './units/measure.ts';

const SIZES = [1, 10, 100, 1_000, 10_000];
/** One row per item: 10,000 items take more than a minute in either layout, and cost ten times as much as 1,000. */
const LONG = (layout: Layout, size: number) => size > 1_000 && layout.name.includes('row each');

const LAYOUTS = [...KEEPING, ...PLAIN];

type Figures = (cost: Cost) => readonly [units: number, requests: number];
const READ: Figures = (cost) => [cost.readUnits, cost.readRequests];
const WRITTEN: Figures = (cost) => [cost.writeUnits - cost.listing, cost.writeRequests];

const PROMISES = [
  'Each cell: units / requests. "+" marks the layouts with all three compared features: one consistent list, due time, history. The head of every other column names what it lacks.',
  'The last column is this service over the cheapest of the three "+" layouts, in units.',
];

/** Units and requests by DynamoDB's own count, index writes included, of this service and of other layouts. */
export const bench: Bench = async ({ full }) => {
  const local = engines.find(({ name }) => name === 'DynamoDB Local');
  if (!local?.available) {
    return [
      { title: 'Units', notes: ['Left out: no Java was found to run DynamoDB Local.'], columns: ['-'], rows: [] },
    ];
  }
  const engine = await local.start();
  const count = metered(engine.client);
  const measured = new Map<number, readonly (Measured | undefined)[]>();
  for (const size of SIZES) {
    const row: (Measured | undefined)[] = [];
    for (const layout of LAYOUTS)
      row.push(LONG(layout, size) && !full ? undefined : await measure(engine, count, layout, size));
    measured.set(size, row);
  }
  const ends = await Promise.all(
    LAYOUTS.filter(({ name }) => name.startsWith('one ')).map(
      async (layout) => `${layout.name}: ${await largest(engine, layout)}`,
    ),
  );
  await engine.stop();

  const texts = signed(itemsOf('3c90c3cc-0d44-4b50-8888-8dd25736052a', 1_000), 0);
  const bytes = Math.round(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length);
  const mix = `Items: KTP & selfie, KTP & PEP, BPKB and documents as 3 : 2 : 1 : 2, ${bytes} bytes each on average. AnyCheck signs every link anew at each fetch.`;
  const table = (
    title: string,
    names: readonly string[],
    pick: (one: Measured, name: string) => Cost | undefined,
    figures: Figures,
    ...notes: string[]
  ): Table => ({
    title,
    notes: [...notes, ...PROMISES],
    columns: ['items', 'operation', ...LAYOUTS.map(heading), 'this service ÷ cheapest +'],
    rows: SIZES.flatMap((size) => {
      const row = measured.get(size) ?? [];
      return names.map((name) => {
        const costs = row.map((one) => one && pick(one, name));
        return [
          size.toLocaleString('en'),
          name,
          ...costs.map((cost, i) => cell(row[i], cost, figures)),
          ratio(costs, figures),
        ];
      });
    }),
  });
  const costOfRefresh = ({ refreshes }: Measured, name: string) =>
    refreshes[REFRESHES.find((one) => one === name) ?? 'unchanged'];
  return [
    table(
      'Read units: a page',
      READS,
      ({ reads }, name) => reads[name],
      READ,
      mix,
      'The operation "10 at 0" reads a page of 10 items at offset 0.',
    ),
    table(
      'Write units: a refresh',
      REFRESHES,
      costOfRefresh,
      WRITTEN,
      mix,
      'A refresh begins with the read of the stored group and ends with the write of the next due time. The first fetch of this service includes tracking the group. The shared rows (session, budget) are not included: one write per call to AnyCheck.',
      'This service records a publish intent first (1 unit), so the next run finishes a dead worker’s publish. In the other layouts, a dead worker leaves rows that never expire.',
      'The index that lists groups by phase is not included, because no other layout has it. It takes 1 unit when this service starts to track a group, and 2 when it publishes.',
      `The largest group that fits into one row: ${ends.join(', ')} items.`,
      ...(full ? [] : ['"…": left out, see `--full`. It takes minutes, and costs ten times as much as 1,000 items.']),
    ),
    table('Read units: a refresh', REFRESHES, costOfRefresh, READ, mix),
  ];
};

const heading = ({ name, lacks }: Layout) => (lacks.length > 0 ? `${name} (no ${lacks.join(', no ')})` : name);

function cell(measured: Measured | undefined, cost: Cost | undefined, figures: Figures): string {
  if (!measured) return '…';
  return cost
    ? figures(cost)
        .map((one) => one.toLocaleString('en'))
        .join(' / ')
    : 'too large';
}

function ratio(costs: readonly (Cost | undefined)[], figures: Figures): string {
  const [own, ...others] = costs.slice(0, KEEPING.length).map((cost) => cost && figures(cost)[0]);
  const known = others.filter((units) => units !== undefined);
  return own === undefined || known.length === 0 ? '' : (own / Math.min(...known)).toPrecision(2);
}
