import { engines } from '../fakes/engine.ts';
import type { Bench, Table } from './table.ts';
import { unitTables } from './webhooks/cost-tables.ts';
import { localJourneys } from './webhooks/local.ts';
import { ms, percentiles } from './webhooks/percentiles.ts';
import { besideFailing, bursts } from './webhooks/simulated.ts';
import { type ThroughputLoad, throughput } from './webhooks/throughput.ts';
import { CONCURRENCY } from './webhooks/world.ts';

const ENDPOINTS = 5;
const EVENTS = 400;
const FULL_EVENTS = 10_000;

/** Deliveries to webhook endpoints: how fast, how far apart from one that fails, and at which cost. */
export const bench: Bench = async ({ full }) => [
  await throughNpmStart(),
  await onThisMachine(full ? FULL_EVENTS : EVENTS),
  await bursts(),
  await besideFailing(),
  ...(await unitTables()),
];

async function throughNpmStart(): Promise<Table> {
  const all = await localJourneys();
  const row = (name: string, took: readonly number[]) => [name, ...percentiles(took, [0.5, 0.95, 1])];
  return {
    title: 'From a publish to the receipt by a webhook endpoint, through `npm start`, ms',
    notes: [
      `${all.length} events of groups that change two at a time, to one endpoint. All parts share this machine’s processors. The publish is the timestamp of the event.`,
      'The bus: the worker has stored the version, and PutEvents accepts the event. Dispatch: the rule, two queues, the delivery’s record, and the slot. Deliver: the signed request.',
    ],
    columns: ['', 'median', '95 %', 'longest'],
    rows: [
      row(
        'to the bus',
        all.map(({ busMs }) => busMs),
      ),
      row(
        'dispatch: from the bus to the attempt',
        all.map(({ dispatchMs }) => dispatchMs),
      ),
      row(
        'deliver: from the attempt to the receipt',
        all.map(({ deliverMs }) => deliverMs),
      ),
      row(
        'all',
        all.map(({ busMs, dispatchMs, deliverMs }) => busMs + dispatchMs + deliverMs),
      ),
    ],
  };
}

async function onThisMachine(events: number): Promise<Table> {
  const available = engines.filter((one) => one.available);
  const rows: (string | number)[][] = [];
  const run = async (name: string, load: Omit<ThroughputLoad, 'endpoints'>) => {
    const engine = await available.at(-1)?.start();
    if (!engine) throw new Error('there is an engine');
    const ran = await throughput(engine, { endpoints: ENDPOINTS, ...load });
    await engine.stop();
    const perSecond = ran.deliveries / ran.seconds;
    rows.push([
      name,
      ...[ms(ran.deliveries), perSecond.toFixed(0), ...percentiles(ran.took)],
      ...[ran.doubled, `${((100 * ran.parked) / ran.deliveries).toFixed(1)} %`, ms(ran.heapMb), ms(ran.rssMb)],
    ]);
    return perSecond;
  };
  const perSecond = await run('all at once', { events });
  await run('at 40 % of that rate', { events: events / 4, perSecond: (0.4 * perSecond) / ENDPOINTS });
  return {
    title: `${ms(events)} events to ${ENDPOINTS} webhook endpoints, on this machine`,
    notes: [
      `The real functions on ${available.at(-1)?.name ?? 'an engine'}, ${CONCURRENCY} deliveries at once, an SQS in memory that repeats one message of 1,000, and receivers on this machine that answer at once. All share this machine’s processors, which limit the rate.`,
      'ms from the publish to the receipt. A duplicate is a request beyond the first of a delivery. Memory is that of the one process of functions, queues and receivers, at most.',
    ],
    columns: [
      ...['published', 'deliveries', 'deliveries a second', 'median', '95 %', '99 %', 'longest', 'duplicates'],
      ...['parked', 'heap, MB', 'all memory, MB'],
    ],
    rows,
  };
}
