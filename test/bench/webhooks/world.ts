import { randomUUID } from 'node:crypto';
import { encryptionKey } from '../../../functions/adapters/secrets/encryption-key.ts';
import { secretBox } from '../../../functions/adapters/secrets/secret-box.ts';
import { EVENT_TYPES, type GroupEvent } from '../../../functions/domain/events/event.ts';
import { actEvent } from '../../../functions/domain/events/group-events.ts';
import { deliver } from '../../../functions/domain/webhooks/deliver.ts';
import { dispatch } from '../../../functions/domain/webhooks/dispatch.ts';
import type { WebhookEndpoint } from '../../../functions/domain/webhooks/endpoint.ts';
import type {
  DeliverDueIndex,
  DeliverMessage,
  DeliverQueue,
  DeliverStore,
  DispatchStore,
  WebhookSender,
} from '../../../functions/domain/webhooks/ports.ts';
import { sweepDeliveries } from '../../../functions/domain/webhooks/sweep-deliveries.ts';
import { upkeep } from '../../../functions/domain/webhooks/upkeep.ts';
import { parseSettings } from '../../../lib/settings/settings.ts';
import type { Clock } from './clock.ts';
import { memoryQueue } from './queue.ts';

const SWEEP_MS = 60_000;
/** As the stack has them. */
const DISPATCHES = 5;
const ENDPOINT_SHARE = 4;
const RECEIVES = { dispatch: 5, deliver: 3 };
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export const CONCURRENCY: number = parseSettings({}).delivery_concurrency;

export interface Stores {
  readonly deliver: DeliverStore;
  readonly dispatch: DispatchStore;
  readonly index: DeliverDueIndex;
  addEndpoint(endpoint: WebhookEndpoint): Promise<void>;
  addEvents(events: readonly GroupEvent[]): Promise<void>;
}

/** ms that AWS takes, beside what this machine takes. */
interface Latency {
  /** Of a request to SQS. */
  readonly sendMs: number;
  /** From the sending of a message to its worker. */
  readonly messageMs: number;
  /** Of an invocation, before the code. */
  readonly invocationMs: number;
}

export interface WorldOptions {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly latency: Latency;
  readonly sender: WebhookSender;
  /** From 0 up to 1. */
  readonly random: () => number;
}

type Pointer = { readonly resultId: string; readonly eventId: string };

export interface World {
  addEndpoints(urls: readonly string[]): Promise<void>;
  /** Stores the records of events. */
  prepare(count: number): Promise<readonly Pointer[]>;
  /** Puts an event into the queue of dispatch, as the bus does. */
  announce(event: Pointer): void;
  readonly counts: Counts;
  /** What workers threw. */
  readonly faults: readonly unknown[];
  stop(): void;
}

export interface Counts {
  attempts: number;
  /** Deliveries that were parked, as endpoint and delivery, and how often. */
  readonly parked: Set<string>;
  parkings: number;
  upkeeps: number;
}

/** Dispatch, deliver, upkeep and sweep as the stack runs them, over queues in memory. */
export function startWorld({ stores, clock, latency, sender, random }: WorldOptions): World {
  const { now } = clock;
  const secrets = secretBox(async () => [encryptionKey('a keyring of a measurement, long enough')]);
  const counts: Counts = { attempts: 0, parked: new Set<string>(), parkings: 0, upkeeps: 0 };
  const taking = async (ms: number) => void (ms > 0 && (await clock.sleep(ms)));

  const delivering = memoryQueue<DeliverMessage>({
    ...{ clock, random, workers: CONCURRENCY, maxReceives: RECEIVES.deliver, arrivalMs: latency.messageMs },
    work: handle,
  });
  const queue: DeliverQueue = {
    async send(messages, delayMs = 0) {
      await taking(latency.sendMs);
      // SQS delays by whole seconds.
      delivering.send(messages, 1000 * Math.ceil(delayMs / 1000));
    },
  };
  const dispatching = memoryQueue<Pointer>({
    ...{ clock, random, workers: DISPATCHES, maxReceives: RECEIVES.dispatch, arrivalMs: latency.messageMs },
    async work(pointer) {
      await taking(latency.invocationMs);
      await dispatch({ store: stores.dispatch, queue, now }, pointer);
    },
  });
  const deps = {
    ...{ store: stores.deliver, queue, secrets, sender, now, random, sleep: clock.sleep },
    bus: { send: async (events: readonly unknown[]) => events.map(() => true) },
    onUnannounced: () => {},
    slotsPerEndpoint: Math.max(1, Math.floor(CONCURRENCY / ENDPOINT_SHARE)),
  };

  async function handle(message: DeliverMessage, receives: number): Promise<void> {
    await taking(latency.invocationMs);
    const { endpointId, deliveryId } = message;
    if (deliveryId === undefined) {
      counts.upkeeps++;
      await upkeep(deps, message);
      return;
    }
    const { kind } = await deliver(deps, { ...message, deliveryId, receives });
    if (kind === 'ended') counts.attempts++;
    if (kind !== 'parked') return;
    counts.parkings++;
    counts.parked.add(`${endpointId}/${deliveryId}`);
  }

  let isStopped = false;
  function everyMinute(): Promise<unknown> | undefined {
    if (isStopped) return undefined;
    clock.at(now() + SWEEP_MS, everyMinute);
    return sweepDeliveries({ index: stores.index, queue, now });
  }
  clock.at(now() + SWEEP_MS, everyMinute);

  return {
    async addEndpoints(urls) {
      for (const [i, url] of urls.entries()) {
        const id = `we_${String(i).padStart(22, '0')}`;
        await stores.addEndpoint({
          ...{ id, url, description: '', eventTypes: EVENT_TYPES, isEnabled: true, disabledReason: undefined },
          secrets: [{ version: 1, sealed: await secrets.seal(SECRET, id, 1), until: undefined }],
          ...{ createdAt: now(), updatedAt: now(), revision: 1 },
        });
      }
    },
    async prepare(count) {
      const events = Array.from({ length: count }, () => actEvent('group.redacted', randomUUID(), 1, now()));
      await stores.addEvents(events);
      return events.map(({ id, data }) => ({ resultId: data.result_id, eventId: id }));
    },
    announce: (event) => dispatching.send([event]),
    counts,
    get faults() {
      return [...delivering.faults, ...dispatching.faults];
    },
    stop() {
      isStopped = true;
    },
  };
}
