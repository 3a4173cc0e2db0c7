import { refreshQueue } from '../../functions/adapters/aws/refresh-queue.ts';
import { dueIndex } from '../../functions/adapters/dynamodb/due-index.ts';
import { sweep } from '../../functions/domain/refresh/sweep.ts';
import { type Engine, engines } from '../fakes/engine.ts';
import { metered } from '../fakes/metered.ts';
import { drain } from './sweep/drain.ts';
import { DUE, know, NOW } from './sweep/known.ts';
import { scanIndex } from './sweep/scan.ts';
import { distantSqs } from './sweep/sqs.ts';
import { type Bench, median, spread, type Table } from './table.ts';
import { memoryStore } from './upstream/memory-store.ts';

const KNOWN = [1_000, 10_000, 100_000];
const KNOWN_IN_FULL = 1_000_000;
const ROUNDS = 6;
const WARM_UP = 10;
/** A scan of more groups is measured only once, because it takes many seconds. */
const SCANNED = 10_000;
const BACKLOG = 100_000;
/** ms that a call to SQS takes. */
const DISTANCE = 20;

const noQueue = { enqueue: async () => {} };
const count = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 1 });

export const bench: Bench = async ({ full }) => [
  ...(await known(full ? [...KNOWN, KNOWN_IN_FULL] : KNOWN)),
  await unlimited(),
  await limited(),
];

async function known(sizes: readonly number[]): Promise<Table[]> {
  const local = engines.find(({ name }) => name === 'DynamoDB Local');
  if (!local?.available) return [];
  const engine = await local.start();
  try {
    return [await measureKnown(engine, sizes)];
  } finally {
    await engine.stop();
  }
}

async function measureKnown(engine: Engine, sizes: readonly number[]): Promise<Table> {
  const table = await engine.table();
  const meter = metered(engine.client);
  const ours = dueIndex(engine.client, table);
  const ways = [
    { name: 'this service', index: ours },
    { name: 'a sweep that scans', index: scanIndex(engine.client, table) },
  ];
  const rows: (string | number)[][] = [];
  let there = 0;
  for (const size of sizes) {
    await know(engine, table, there, size);
    there = size;
    const figures = new Map(ways.map(({ name }) => [name, { times: [] as number[], units: 0, requests: 0 }]));
    // The first round warms up and is not counted: it would pay for all.
    for (let i = 0; i < WARM_UP; i++) await ours.due(NOW, DUE);
    for (let round = 0; round < ROUNDS; round++) {
      const now = ways.filter(({ index }) => index === ours || size <= SCANNED || round === 1);
      for (const { name, index } of now.toSorted(() => Math.random() - 0.5)) {
        const cost = meter();
        const began = performance.now();
        const { queued } = await sweep({ index, queue: noQueue, now: () => NOW }, DUE);
        const time = performance.now() - began;
        if (queued !== DUE) throw new Error(`${name} found ${queued} groups due`);
        const figure = figures.get(name);
        if (round > 0) figure?.times.push(time);
        Object.assign(figure ?? {}, { units: cost.reads.units, requests: cost.reads.requests });
      }
    }
    const own = median(figures.get('this service')?.times ?? []);
    for (const [name, { times, units, requests }] of figures) {
      rows.push([count(size), name, count(units), requests, spread(times), (median(times) / own).toFixed(1)]);
    }
  }
  return {
    title: `A sweep with ${count(DUE)} due groups, by the number of tracked groups`,
    notes: [
      'DynamoDB Local counts the units. Its times compare with each other, and are not DynamoDB’s. The scan is eventually consistent and ' +
        'reads only schedule records, the smallest possible table. A parallel scan would save time, but no units.',
    ],
    columns: ['tracked groups', '', 'read units', 'requests', 'ms', 'ratio of ms'],
    rows,
  };
}

/** Without a rate limit, SQS bounds the sweep. */
async function unlimited(): Promise<Table> {
  const { store, index } = memoryStore();
  for (let i = 0; i < BACKLOG; i++) await store.track(`group-${i}`, NOW - BACKLOG + i);
  const { client, url, taken } = distantSqs(DISTANCE);
  const queue = refreshQueue(client, url, () => 'sweep');
  const rows: (string | number)[][] = [];
  for (const limit of [5_000, BACKLOG]) {
    const before = taken();
    const cpu = process.cpuUsage();
    const began = performance.now();
    const { queued } = await sweep({ index, queue, now: () => NOW }, limit);
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    if (taken() - before !== limit) throw new Error('the queue was not given what the sweep counts');
    rows.push([
      count(limit),
      count(queued),
      seconds.toFixed(1),
      count(queued / seconds),
      ((user + system) / queued).toFixed(0),
    ]);
  }
  return {
    title: `A sweep of ${count(BACKLOG)} due groups, without a limit`,
    notes: [
      `The index is in memory. The SQS client calls a queue that answers after ${DISTANCE} ms. The function may run for 50 s, and starts no ` +
        'further chunk in the last 10 s.',
    ],
    columns: ['limit', 'groups queued', 'seconds', 'groups a second', 'CPU µs per group'],
    rows,
  };
}

async function limited(): Promise<Table> {
  const { sweeps, seconds, atBudget, overtakenBy, sent, accepted, doubled, deepest } = await drain(BACKLOG);
  return {
    title: `A backlog of ${count(BACKLOG)} due groups, at a budget of 5 calls a second`,
    notes: ['Virtual time: one sweep a minute, 5 workers, five minutes of queue deduplication.'],
    columns: ['', ''],
    rows: [
      ['all refreshed after', `${count(seconds)} s`],
      ['share of the budget’s rate used', `${((100 * atBudget) / seconds).toFixed(1)} %`],
      ['places overtaken, at most', `${overtakenBy} groups`],
      ['sweeps', sweeps],
      ['messages sent', count(sent)],
      ['messages accepted by the queue', count(accepted)],
      ['accepted twice for one due time', doubled],
      ['messages waiting, at most', deepest],
    ],
  };
}
