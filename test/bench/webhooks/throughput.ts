import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { webhookSender } from '../../../functions/adapters/https/webhook-sender.ts';
import { serve } from '../../../lib/local/http/serve.ts';
import type { Engine } from '../../fakes/engine.ts';
import type { Clock } from './clock.ts';
import { engineStores } from './engine-store.ts';
import { type Received, receipts } from './received.ts';
import { startWorld } from './world.ts';

const SECOND = 1_000;
const POLL_MS = 50;
/** This machine's own: the queue is in memory, and adds nothing. */
const LATENCY = { sendMs: 0, messageMs: 0, invocationMs: 0 };

const clock: Clock = {
  now: Date.now,
  sleep: (ms) => sleep(ms),
  at: (time, run) => void setTimeout(run, Math.max(0, time - Date.now())),
};

export interface Throughput {
  readonly seconds: number;
  readonly deliveries: number;
  /** ms from each publish to its receipt. */
  readonly took: readonly number[];
  readonly doubled: number;
  readonly parked: number;
  /** MB of the process at most: of the heap, and of all. */
  readonly heapMb: number;
  readonly rssMb: number;
}

export interface ThroughputLoad {
  readonly endpoints: number;
  readonly events: number;
  /** Events a second; undefined: all at once. */
  readonly perSecond?: number;
}

/** Events for endpoints on this machine, through the real functions, store and sender. */
export async function throughput(
  engine: Engine,
  { endpoints, events, perSecond }: ThroughputLoad,
): Promise<Throughput> {
  await using closing = new AsyncDisposableStack();
  const received = receipts();
  const urls: string[] = [];
  for (let i = 0; i < endpoints; i++) urls.push(await receiver(closing, received));
  const sender = webhookSender({
    ...{ allowedHosts: [], allowedPorts: ['443'], ownHosts: [], allowLoopback: true, now: Date.now },
  });
  const stores = await engineStores(engine, Date.now);
  const world = startWorld({ stores, clock, latency: LATENCY, sender, random: Math.random });
  closing.defer(() => world.stop());
  await world.addEndpoints(urls);
  const pointers = await world.prepare(events);
  const memory = watchMemory();
  const began = Date.now();
  for (const [i, event] of pointers.entries()) {
    clock.at(perSecond === undefined ? began : began + (i / perSecond) * SECOND, () => {
      received.published(event.eventId, Date.now());
      world.announce(event);
    });
  }
  const deliveries = events * endpoints;
  while (received.count < deliveries) await sleep(POLL_MS);
  const seconds = (Date.now() - began) / SECOND;
  const [fault] = world.faults;
  if (fault !== undefined) throw fault;
  const { doubled } = received;
  return { seconds, deliveries, took: received.took(urls), doubled, parked: world.counts.parked.size, ...memory() };
}

/** @returns the URL of a receiver that answers at once. */
async function receiver(closing: AsyncDisposableStack, received: Received): Promise<string> {
  const server = createServer(async (request, response) => {
    await text(request);
    received.got(url, String(request.headers['webhook-id']), Date.now());
    response.writeHead(204).end();
  });
  const served = await serve(server);
  closing.defer(() => served.close());
  const url = `${served.url}/`;
  return url;
}

const MB = 1e6;
const SAMPLE_MS = 100;

/** @returns a function that ends the watch. */
function watchMemory(): () => { readonly heapMb: number; readonly rssMb: number } {
  let heapMb = 0;
  let rssMb = 0;
  const sample = () => {
    const { heapUsed, rss } = process.memoryUsage();
    heapMb = Math.max(heapMb, heapUsed / MB);
    rssMb = Math.max(rssMb, rss / MB);
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return () => {
    clearInterval(timer);
    return { heapMb, rssMb };
  };
}
