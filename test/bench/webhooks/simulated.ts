import { quantile, type Table } from '../table.ts';
import { ms, percentiles } from './percentiles.ts';
import { type Failure, LATENCY, type Load, simulate } from './simulate.ts';
import { CONCURRENCY } from './world.ts';

const DEADLINE_MS = 15_000;
const ENDPOINTS = 5;
const EVENTS = 10_000;
/** Endpoints that work beside the one that fails. */
const OTHERS = 9;
const NEIGHBOUR_EVENTS = 1_000;
const PER_SECOND = 5;
const ANSWERS_MS = [50, 150] as const;

const SIMULATED = `In virtual time: DynamoDB takes ${LATENCY.requestMs} ms, a message ${LATENCY.sendMs + LATENCY.messageMs} ms, an index is ${LATENCY.indexMs} ms behind. The store is in memory, and the domain’s code is the real one. ${CONCURRENCY} deliveries at once, at most a quarter of them to one endpoint.`;

/** Bursts of events, and how close the service comes to the time that their attempts take. */
export async function bursts(): Promise<Table> {
  const loads: readonly Load[] = [
    { endpoints: ENDPOINTS, events: EVENTS, answersMs: ANSWERS_MS },
    { endpoints: 1, events: 200, answersMs: [20, 40] },
    { endpoints: 1, events: 200, answersMs: ANSWERS_MS },
    { endpoints: 3, events: 200, answersMs: ANSWERS_MS },
    { endpoints: 10, events: 200, answersMs: ANSWERS_MS },
    { endpoints: 3, events: 200, answersMs: [800, 1_200] },
    { endpoints: 10, events: 200, answersMs: [800, 1_200] },
  ];
  const rows: (string | number)[][] = [];
  for (const load of loads) {
    const { took, parked, doubled } = await simulate(load);
    const deliveries = load.events * load.endpoints;
    const seconds = quantile(took, 1) / 1_000;
    rows.push([
      ...[ms(load.events), load.endpoints, load.answersMs.map(ms).join(' to ')],
      ...[(deliveries / seconds).toFixed(1), ...percentiles(took), (seconds / leastSeconds(load)).toFixed(2)],
      ...[doubled, `${((100 * parked) / deliveries).toFixed(1)} %`],
    ]);
  }
  return {
    title: 'Events that are all published at once, with the latencies of AWS',
    notes: [
      SIMULATED,
      'ms from the publish to the receipt. The ratio compares the longest with the time that the attempts take in all slots without a pause.',
    ],
    columns: [
      ...['events', 'endpoints', 'receivers answer after, ms', 'deliveries a second', 'median', '95 %', '99 %'],
      ...['longest', 'ratio', 'duplicates', 'parked'],
    ],
    rows,
  };
}

/** Requests to DynamoDB, one after another, while a delivery has its slot, and while it has its worker. */
const IN_SLOT = 4;
const IN_WORKER = 5;

/** Seconds that the attempts of a load take, where no slot and no worker is ever idle. */
function leastSeconds({ endpoints, events, answersMs: [from, to] }: Load): number {
  const answer = (from + to) / 2;
  const inSlots = (answer + IN_SLOT * LATENCY.requestMs) / Math.max(1, Math.floor(CONCURRENCY / 4));
  const inWorkers = (endpoints * (answer + IN_WORKER * LATENCY.requestMs + LATENCY.invocationMs)) / CONCURRENCY;
  return (events * Math.max(inSlots, inWorkers)) / 1_000;
}

const FAILURES: Readonly<Record<string, Failure | undefined>> = {
  'no tenth endpoint': undefined,
  'it hangs until the deadline of 15 s': () => ({ answer: 'TIMEOUT', durationMs: DEADLINE_MS }),
  'it refuses connections': () => ({ answer: 'CONNECT', durationMs: 2 }),
  'it answers 500': (durationMs) => ({ answer: 500, durationMs }),
};

/** What an endpoint that fails costs the others. */
export async function besideFailing(): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const perSecond of [PER_SECOND, undefined]) {
    let alone: readonly number[] = [];
    for (const [name, fail] of Object.entries(FAILURES)) {
      const load = { endpoints: OTHERS, events: NEIGHBOUR_EVENTS, answersMs: ANSWERS_MS, perSecond };
      const { took, parked } = await simulate(load, fail);
      if (!fail) alone = took;
      const ratio = (part: number) => (quantile(took, part) / quantile(alone, part)).toFixed(2);
      rows.push([
        perSecond === undefined ? 'all at once' : `${perSecond} a second`,
        name,
        ...[0.5, 0.95, 0.99].map((part) => `${ms(quantile(took, part))}, ${ratio(part)}`),
        ...[ms(quantile(took, 1)), parked],
      ]);
    }
  }
  return {
    title: `${OTHERS} webhook endpoints beside one that fails, ${ms(NEIGHBOUR_EVENTS)} events`,
    notes: [
      SIMULATED,
      `ms from the publish to the receipt by the ${OTHERS} that work, and the ratio to the run without the tenth. Receivers answer after ${ANSWERS_MS.join(' to ')} ms. Events come at random times.`,
    ],
    columns: ['events', 'the tenth endpoint', 'median', '95 %', '99 %', 'longest', 'parked, of the nine'],
    rows,
  };
}
