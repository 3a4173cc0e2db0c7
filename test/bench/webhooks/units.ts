import { deliver } from '../../../functions/domain/webhooks/deliver.ts';
import type { Delivery } from '../../../functions/domain/webhooks/delivery.ts';
import { dispatch } from '../../../functions/domain/webhooks/dispatch.ts';
import { releaseParked } from '../../../functions/domain/webhooks/parking.ts';
import { upkeep } from '../../../functions/domain/webhooks/upkeep.ts';
import { engines } from '../../fakes/engine.ts';
import { metered } from '../../fakes/metered.ts';
import { answer, startWebhooks } from '../../fakes/webhooks.ts';

/** What a step takes of DynamoDB, by DynamoDB Local's count. */
export interface Taken {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly requests: number;
}

/** What the steps of deliveries take. */
export interface DeliveryUnits {
  readonly dispatch: Taken;
  readonly success: Taken;
  readonly earlyFailure: Taken;
  readonly lateFailure: Taken;
  /** Added to an attempt that waited for a slot for too long, or for an endpoint that failed. */
  readonly parked: Taken;
  readonly upkeep: Taken;
}

const URL = 'https://a.example.com/hook';
const SLOTS = 2;
/** ms for which a slot is still taken whose attempt began a while ago. */
const SLOT_LEFT_MS = 20_000;

/** @returns undefined where no Java was found to run DynamoDB Local. */
export async function deliveryUnits(): Promise<DeliveryUnits | undefined> {
  const local = engines.find(({ name }) => name === 'DynamoDB Local');
  if (!local?.available) return undefined;
  const engine = await local.start();
  const begin = metered(engine.client);
  const world = await startWebhooks(engine, { slots: SLOTS });
  const { clock, deps, stores } = world;
  const { id } = await world.endpoint(URL);

  async function taken(step: () => Promise<unknown>): Promise<Taken> {
    const { reads, writes } = begin();
    await step();
    return { writeUnits: writes.units, readUnits: reads.units, requests: writes.requests + reads.requests };
  }
  async function newest(): Promise<Delivery> {
    const delivery = (await world.deliveries(id)).at(-1);
    if (!delivery) throw new Error('there is a delivery');
    return delivery;
  }
  async function attempt(): Promise<Taken> {
    const { id: deliveryId, nextAttempt = 0 } = await newest();
    clock.now = Math.max(clock.now, nextAttempt);
    return taken(() => deliver(deps, { endpointId: id, deliveryId, due: nextAttempt, receives: 1 }));
  }
  /** Dispatches a new event. */
  async function fresh(): Promise<Taken> {
    clock.now++;
    const pointer = await world.publish();
    return taken(() => dispatch({ store: stores.dispatch, queue: deps.queue, now: deps.now }, pointer));
  }

  // The first event finds a state without slots, whose row is as large as any.
  await fresh();
  await attempt();
  const first = await fresh();
  const success = await attempt();

  world.receivers.set(URL, () => answer(500));
  await fresh();
  const earlyFailure = await attempt();
  await attempt();
  await attempt();
  const lateFailure = await attempt();
  world.receivers.delete(URL);
  await attempt();

  const { state } = await stores.deliver.read(id);
  if (!state) throw new Error('the endpoint has a state');
  const occupy = (number: number) =>
    stores.deliver.takeSlot(
      id,
      state,
      { number, count: SLOTS, deliveryId: `other ${number}`, until: clock.now + SLOT_LEFT_MS },
      clock.now,
    );
  const parkings: Taken[] = [];
  for (let number = 0; number < SLOTS; number++) await occupy(number);
  // The first one also marks the endpoint.
  for (let i = 0; i < 2; i++) {
    await fresh();
    parkings.push(await attempt());
  }
  clock.now += SLOT_LEFT_MS + 1;
  await releaseParked(deps, id, 1);
  const oldest = (await world.deliveries(id)).find(({ status, nextAttempt }) => status === 'pending' && nextAttempt);
  const due = oldest?.nextAttempt ?? 0;
  const afterwards = await taken(() =>
    deliver(deps, { endpointId: id, deliveryId: oldest?.id ?? '', due, receives: 1 }),
  );
  // The end of this attempt releases the next one, as the end of another one released this.
  const parked = plus(parkings[1], minus(afterwards, success));

  await world.wait(20 * 60_000);
  const { state: idle } = await stores.deliver.read(id);
  clock.now = idle?.due ?? 0;
  const ofUpkeep = await taken(() => upkeep(deps, { endpointId: id, due: clock.now }));
  await engine.stop();
  return { dispatch: first, success, earlyFailure, lateFailure, parked, upkeep: ofUpkeep };
}

const NONE: Taken = { writeUnits: 0, readUnits: 0, requests: 0 };

export const plus = (...all: readonly (Taken | undefined)[]): Taken =>
  all.reduce<Taken>(
    (sum, one = NONE) => ({
      writeUnits: sum.writeUnits + one.writeUnits,
      readUnits: sum.readUnits + one.readUnits,
      requests: sum.requests + one.requests,
    }),
    NONE,
  );

const minus = (a: Taken, b: Taken): Taken => ({
  writeUnits: a.writeUnits - b.writeUnits,
  readUnits: a.readUnits - b.readUnits,
  requests: a.requests - b.requests,
});
