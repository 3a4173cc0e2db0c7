import { engines } from '../fakes/engine.ts';
import { metered } from '../fakes/metered.ts';
import { itemsOf, signed } from './items.ts';
import type { Bench, Table } from './table.ts';
import type { Layout } from './units/contender.ts';
import { largest } from './units/largest.ts';
import { KEEPING, PLAIN } from './units/layouts.ts';
import { type Cost, type Measured, measure, READS, REFRESHES } from './units/measure.ts';

const SIZES = [1, 10, 100, 1_000, 10_000];
/** A row each, ten thousand times: more than a minute for either of those layouts, and ten times what a thousand cost. */
const LONG = (layout: Layout, size: number) => size > 1_000 && layout.name.includes('row each');

const LAYOUTS = [...KEEPING, ...PLAIN];

type Figures = (cost: Cost) => readonly [units: number, requests: number];
const READ: Figures = (cost) => [cost.readUnits, cost.readRequests];
const WRITTEN: Figures = (cost) => [cost.writeUnits - cost.listing, cost.writeRequests];

const PROMISES = [
  'Each cell: units / requests. "+" keeps all three promises that are compared here: one consistent list, due time, history. Rivals without it are plain: what they lack is in the head of their column.',
  'The last column is ours over the cheapest of the three "+", in units.',
];

/** Units and requests by DynamoDB's own count, index writes included, of ours and of rivals. */
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
  const mix = `Items: KTP & selfie, KTP & PEP, BPKB and documents as 3 : 2 : 1 : 2, ${bytes} bytes each on average, every link signed anew at each fetch.`;
  const table = (
    title: string,
    names: readonly string[],
    pick: (one: Measured, name: string) => Cost | undefined,
    figures: Figures,
    ...notes: string[]
  ): Table => ({
    title,
    notes: [...notes, ...PROMISES],
    columns: ['items', 'what', ...LAYOUTS.map(heading), 'ours ÷ cheapest +'],
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
    table('Read units: a page', READS, ({ reads }, name) => reads[name], READ, mix),
    table(
      'Write units: a look',
      REFRESHES,
      costOfRefresh,
      WRITTEN,
      mix,
      'From reading what is stored to the due time written down; a first fetch of ours includes that the group is followed. The rows that all groups share (session, budget) count apart: one write for each call to AnyCheck.',
      'Ours notes what it publishes before it does (1 unit), so that whoever comes next finishes it where a worker died. Rivals don’t: theirs leaves rows that nobody expires.',
      'Without the index that lists groups by phase, which no rival has: 1 unit where ours begins to follow a group, 2 where it publishes.',
      `The largest group that fits into one row: ${ends.join(', ')} items.`,
      ...(full ? [] : ['"…": left out, see `--full`; it takes minutes and comes to ten times what 1,000 items cost.']),
    ),
    table('Read units of a look', REFRESHES, costOfRefresh, READ, mix),
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
