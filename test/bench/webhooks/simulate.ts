import type { AttemptResult } from '../../../functions/domain/webhooks/delivery.ts';
import { seeded } from '../../../lib/sandbox/fixtures/seeded.ts';
import { virtualClock } from '../upstream/clock.ts';
import { memoryStores } from './memory-store.ts';
import { receipts } from './received.ts';
import { type Counts, startWorld } from './world.ts';

const START = Date.parse('2026-11-29T00:00:00Z');
const SECOND = 1_000;
/** As AWS takes, roughly. */
export const LATENCY = { requestMs: 5, sendMs: 10, messageMs: 20, invocationMs: 5, indexMs: 50 };

export interface Load {
  /** Endpoints that work. */
  readonly endpoints: number;
  readonly events: number;
  /** Events a second, at random times; undefined: all at once. */
  readonly perSecond?: number | undefined;
  /** ms from which to which receivers take to answer. */
  readonly answersMs: readonly [number, number];
}

/** How a further endpoint fails. @param ms that a receiver takes to answer. */
export type Failure = (ms: number) => Pick<AttemptResult, 'answer' | 'durationMs'>;

export interface Simulated {
  /** ms from the publish to the receipt, of the endpoints that work. */
  readonly took: readonly number[];
  /** Their deliveries that were parked. */
  readonly parked: number;
  readonly counts: Counts;
  readonly doubled: number;
}

const DEAD_URL = 'https://dead.example.com/';

/** Events for endpoints that work, and for one that fails if `fail` is given, in virtual time with the latencies of AWS. */
export async function simulate(load: Load, fail?: Failure): Promise<Simulated> {
  const { endpoints, events, perSecond, answersMs } = load;
  const clock = virtualClock(START);
  const received = receipts();
  const [draw, when, receivers] = [seeded('webhooks'), seeded('publishes'), seeded('receivers')];
  const random = () => draw.integer(0, 2 ** 30 - 1) / 2 ** 30;
  const live = Array.from({ length: endpoints }, (_, i) => `https://live-${i}.example.com/`);
  const world = startWorld({
    ...{ clock, latency: LATENCY, stores: memoryStores(clock, LATENCY), random },
    sender: {
      async send({ url, id }) {
        const ms = receivers.integer(...answersMs);
        const result = (url === DEAD_URL ? fail?.(ms) : undefined) ?? { answer: 200, durationMs: ms };
        if (url !== DEAD_URL) received.got(url, id, clock.now());
        await clock.sleep(result.durationMs);
        return { ...result, retryAfterSeconds: undefined };
      },
    },
  });
  await world.addEndpoints(fail ? [...live, DEAD_URL] : live);
  let at = clock.now();
  for (const event of await world.prepare(events)) {
    if (perSecond !== undefined) at += (-Math.log(when.integer(1, 1e6) / 1e6) * SECOND) / perSecond;
    clock.at(Math.round(at), () => {
      received.published(event.eventId, clock.now());
      world.announce(event);
    });
  }
  while (received.count < events * endpoints) await clock.run(clock.now() + SECOND);
  world.stop();
  if (world.faults.length > 0) throw world.faults[0];
  const { counts } = world;
  const parked = [...counts.parked].filter((one) => Number(one.split('/')[0]?.slice(3)) < endpoints).length;
  return { took: received.took(live), parked, counts, doubled: received.doubled };
}
