import type { Delivery } from './delivery.ts';
import type { EndpointState } from './endpoint.ts';
import type { DeliverQueue, DeliverStore } from './ports.ts';
import { probeDelay } from './retry.ts';
import { sendAt } from './send-at.ts';
import { freeSlots } from './slots.ts';

export interface ParkingDeps {
  readonly store: Pick<DeliverStore, 'read' | 'park' | 'markParked' | 'parked' | 'release' | 'open'>;
  readonly queue: DeliverQueue;
  readonly slotsPerEndpoint: number;
  readonly now: () => number;
  readonly random: () => number;
}

/** ms after its release at which the sweep queues a delivery whose message was lost. */
const RELEASE_LATE_MS = 60_000;
/** Several workers look for the oldest at once, so each looks at a few more than it needs. */
const SPARE_PER_SLOT = 2;

/** ms after which the mark of an endpoint with parked deliveries is renewed. */
const MARK_MS = 3_000;
/** ms after a mark at which the upkeep checks the parked deliveries. Their index has them by then. */
export const CHECK_PARKED_MS = 2_000;

/**
 * Parks a delivery until its endpoint works or has a free slot. Each attempt that ends releases a parked delivery, but one
 * that ends at this moment does not see it. So this run reads the slots again after it parked. The index can be behind, so
 * an attempt that ends a little later can miss the delivery too: the upkeep checks soon after.
 * @param state as it was read before.
 * @returns whether the delivery was still as it was read.
 */
export async function parkDelivery(
  { store, queue, slotsPerEndpoint, now }: ParkingDeps,
  endpointId: string,
  delivery: Delivery,
  { parkedAt, probeAt }: EndpointState,
): Promise<boolean> {
  if (!(await store.park(endpointId, delivery))) return false;
  const at = now();
  if (parkedAt === undefined || parkedAt <= at - MARK_MS) {
    // While the breaker is open, the upkeep is due for the next probe.
    const due = probeAt === undefined ? at + CHECK_PARKED_MS : undefined;
    const isMarked = await store.markParked(endpointId, at, at - MARK_MS, due);
    if (isMarked && due !== undefined) await queue.send([{ endpointId, due }], CHECK_PARKED_MS);
  }
  const { state } = await store.read(endpointId);
  // Where every slot is taken, the end of an attempt releases it.
  if (!state || state.probeAt !== undefined || freeSlots(state, slotsPerEndpoint, now()).length === 0) return true;
  const message = await store.release(endpointId, delivery.id, now(), now() + RELEASE_LATE_MS);
  if (message) await queue.send([message]);
  return true;
}

/**
 * Releases parked deliveries, the oldest first.
 * @returns how many.
 */
export async function releaseParked(
  { store, queue, slotsPerEndpoint, now }: ParkingDeps,
  endpointId: string,
  count: number,
  options: { readonly isProbe?: boolean } = {},
): Promise<{ readonly released: number; readonly found: number }> {
  const ids = await store.parked(endpointId, count + SPARE_PER_SLOT * slotsPerEndpoint);
  const messages = [];
  for (const id of ids) {
    if (messages.length === count) break;
    const message = await store.release(endpointId, id, now(), now() + RELEASE_LATE_MS);
    if (message) messages.push({ ...message, ...options });
  }
  if (messages.length > 0) await queue.send(messages);
  return { released: messages.length, found: ids.length };
}

/**
 * Opens the breaker of an endpoint, or moves its next probe.
 * @param at ms since the epoch; by default the time that the failed probes call for, and not before `notBefore`.
 */
export async function openBreaker(
  { store, queue, now, random }: ParkingDeps,
  endpointId: string,
  {
    failedProbes,
    notBefore = 0,
    at,
  }: { readonly failedProbes: number; readonly notBefore?: number; readonly at?: number },
): Promise<void> {
  const probeAt = at ?? Math.max(notBefore, now() + probeDelay(failedProbes, random()));
  await store.open(endpointId, probeAt, failedProbes);
  await sendAt(queue, { endpointId, due: probeAt }, now());
}
