import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { startEmbedded } from '../fakes/engine.ts';
import { race } from './cpu/race.ts';
import { bodyOf } from './items.ts';
import { type Bench, median, spread, type Table } from './table.ts';
import { deployedReader } from './warm-read/deployed.ts';
import { type Read, type Stored, stored } from './warm-read/stored.ts';

/** CPU of a warm read, from the bytes of DynamoDB's answer to the text of the result that Lambda receives. */

const READS = { rounds: 13, roundMs: 120, warmUp: 2_500 };
const CALLS = { rounds: 15, roundMs: 60, warmUp: 600 };
const READ = new URL('./warm-read/contend.ts', import.meta.url).href;
const CALL = new URL('./warm-read/framework.ts', import.meta.url).href;

const PAGES: readonly Read[] = [
  { total: 10, offset: 0, size: 10 },
  { total: 100, offset: 0, size: 100 },
];

const HANDLERS = {
  clientAlone: 'the SDK’s client alone',
  bare: 'bare: JSON.parse of the text, JSON.stringify of the page',
  validated: 'middy, and zod for query, row and answer',
  routed: 'Powertools’ router',
  ours: 'this service, its source files',
  deployed: 'this service, the deployed bundle',
  zstd: 'the same, a caller that accepts zstd',
  br: 'the same, a caller that accepts br',
  gzip: 'the same, a caller that accepts gzip',
};
const CODED = ['zstd', 'br', 'gzip'];
const isOurs = (name: string) => name === 'ours' || name === 'deployed' || CODED.includes(name);

/** The page as AnyCheck would send it; the others at least the values that JavaScript can hold. */
function check(name: string, outcome: unknown, items: readonly string[], total: number): void {
  if (name === 'clientAlone') return;
  const body = z.string().parse(outcome);
  const expected = bodyOf(items, total);
  const isSame = isOurs(name) ? body === expected : isDeepStrictEqual(JSON.parse(body), JSON.parse(expected));
  if (!isSame) throw new Error(`${name} did not answer the page`);
}

async function reads(): Promise<Table> {
  const engine = await startEmbedded();
  const pages: (Read & Stored)[] = [];
  for (const page of PAGES) pages.push({ ...page, ...(await stored(engine, page)) });
  await engine.stop();
  await using deployed = await deployedReader();
  const { file, name: exported } = deployed;
  const runs = pages.flatMap(({ table, offset, size, ours, theirs }) =>
    Object.keys(HANDLERS).map((name) => {
      const wire = isOurs(name) ? ours : theirs;
      const isCoded = CODED.includes(name);
      const input = {
        table,
        offset,
        size,
        wire,
        accepts: isCoded ? name : 'identity',
        deployed: { file, name: exported },
      };
      return { name, contender: isCoded ? 'deployed' : name, size, module: READ, input };
    }),
  );
  const raced = await race(
    runs.map(({ contender, ...run }) => ({ ...run, name: contender })),
    READS,
  );
  const of = (name: string, size: number) => {
    const { micros = [], outcome } = raced[runs.findIndex((run) => run.name === name && run.size === size)] ?? {};
    return { micros, outcome };
  };
  for (const { items, size, total } of pages) {
    for (const name of Object.keys(HANDLERS)) check(name, of(name, size).outcome, items, total);
  }
  const cells = (name: string, size: number) => {
    const { micros } = of(name, size);
    return [spread(micros, 0), (median(micros) / median(of('bare', size).micros)).toFixed(2)];
  };
  return {
    title: 'Warm read: from DynamoDB’s answer to the text of the Lambda’s result',
    notes: [
      'CPU µs per call: median [quartile to quartile]; then the ratio to the bare handler. No caller accepts a coding, unless the row says so.',
      'All others use the SDK’s document client as it is. They read one row with the page’s text. They have no consistent list, no history, no due time, no audit line and no role check. Their numbers lose digits that a double does not hold.',
    ],
    columns: ['', ...PAGES.flatMap(({ size }) => [`${size} items`, 'ratio to bare'])],
    rows: Object.entries(HANDLERS).map(([name, label]) => [label, ...PAGES.flatMap(({ size }) => cells(name, size))]),
  };
}

const AROUND = {
  inner: 'the answer alone',
  stack: 'the answer with middy: errors, headers, request id',
  whole: 'the answer with all middleware: also route, caller’s role, query, deadline, audit line',
  caller: 'of these, the caller’s role',
  line: 'of these, the audit line',
  router: 'for comparison: the answer with Powertools’ router',
};

async function framework(): Promise<Table> {
  const runs = Object.keys(AROUND).map((name) => ({
    name,
    module: CALL,
    input: undefined,
  }));
  const raced = await race(runs, CALLS);
  const alone = median(raced[0]?.micros ?? []);
  return {
    title: 'Warm read: what the middleware adds',
    notes: ['CPU µs per call, and the difference to the answer alone. Each includes a turn of the event loop.'],
    columns: ['', 'µs', 'added'],
    rows: Object.values(AROUND).map((label, i) => {
      const { micros = [] } = raced[i] ?? {};
      return [label, spread(micros), (median(micros) - alone).toFixed(1)];
    }),
  };
}

export const bench: Bench = async () => [await reads(), await framework()];
