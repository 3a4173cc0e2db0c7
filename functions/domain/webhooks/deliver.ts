import { type Attempted, attempt, end, endingOf, isMeant } from './attempt.ts';
import type { DeliverDeps, DeliverResult, Found, ReceivedMessage } from './delivering.ts';
import type { EndpointState } from './endpoint.ts';
import { judge } from './judge.ts';
import { parkDelivery } from './parking.ts';
import { dueOf, POSTPONE_MS } from './retry.ts';
import { openedSecrets } from './secrets.ts';
import { freeSlots, isSoonFree, isUnderWay, SLOT_MS } from './slots.ts';

/** A delivery waits shortly for a slot where the attempts under way began just now. */
const WAIT_MS = 50;
const MAX_WAITS = 6;
/** A message that came so often ends its workers, whatever the slots say. */
const MAX_RECEIVES = 3;

/**
 * Delivers what a message names. It takes one of the endpoint's slots first: so one endpoint has few attempts under way at
 * once, and a delivery one. Where no slot is free or the breaker is open, the delivery is parked.
 */
export async function deliver(deps: DeliverDeps, message: ReceivedMessage): Promise<DeliverResult> {
  const { store, now, sleep } = deps;
  const { endpointId, deliveryId, isProbe = false } = message;
  for (let waits = 0; ; waits++) {
    const { endpoint, state, delivery } = await store.read(endpointId, deliveryId);
    if (!delivery || !isMeant(delivery, message)) return { kind: 'dropped' };
    if (!endpoint || !state)
      return end(deps, endpointId, delivery, { status: 'cancelled', reason: 'ENDPOINT_DELETED' });
    if (!endpoint.isEnabled) return end(deps, endpointId, delivery, { status: 'failed' });
    const found = { endpoint, state, delivery };
    if (isUnderWay(state, deliveryId, now())) return { kind: 'dropped' };
    if (endsWorkers(state, message)) return interrupted(deps, found);
    if (state.probeAt !== undefined && !isProbe) return park(deps, found);
    const [number] = freeSlots(state, deps.slotsPerEndpoint, now());
    if (number !== undefined && (await take(deps, found, number))) return attemptInSlot(deps, found, number, message);
    if (waits >= MAX_WAITS || (number === undefined && !isSoonFree(state, now()))) return park(deps, found);
    await sleep(WAIT_MS);
  }
}

/**
 * Whether the worker of an earlier receive died during the attempt: it left the delivery's slot behind. A message that
 * came again for another reason, for example because Lambda was throttled, has left none.
 */
const endsWorkers = ({ slots }: EndpointState, { deliveryId, receives }: ReceivedMessage): boolean =>
  receives >= MAX_RECEIVES || (receives > 1 && slots.some((slot) => slot?.deliveryId === deliveryId));

function take({ store, slotsPerEndpoint, now }: DeliverDeps, { endpoint, state, delivery }: Found, number: number) {
  const slot = { number, count: slotsPerEndpoint, deliveryId: delivery.id, until: now() + SLOT_MS };
  return store.takeSlot(endpoint.id, state, slot, now());
}

async function park(deps: DeliverDeps, { endpoint, state, delivery }: Found): Promise<DeliverResult> {
  return { kind: (await parkDelivery(deps, endpoint.id, delivery, state)) ? 'parked' : 'dropped' };
}

/**
 * Records an attempt whose worker died during it. So a delivery that ends its worker each time is tried as seldom as one
 * that fails, and no attempt is counted twice.
 */
function interrupted(deps: DeliverDeps, { endpoint, delivery }: Found): Promise<DeliverResult> {
  const result = { answer: 'INTERRUPTED', durationMs: 0, retryAfterSeconds: undefined } as const;
  return end(deps, endpoint.id, delivery, endingOf(deps, delivery, deps.now(), result));
}

/** Makes one attempt in a slot that was taken, and frees the slot whatever happens. */
async function attemptInSlot(
  deps: DeliverDeps,
  found: Found,
  number: number,
  message: ReceivedMessage,
): Promise<DeliverResult> {
  const { endpointId, deliveryId } = message;
  const free = (verdict: Attempted['verdict']) =>
    deps.store.freeSlot(endpointId, { number, deliveryId }, verdict, deps.now());
  let attempted: Attempted;
  try {
    const secrets = await openedSecrets(deps.secrets, found.endpoint, deps.now()).catch((error: unknown) => ({
      error,
    }));
    attempted =
      'error' in secrets ? await postpone(deps, found, secrets.error) : await attempt(deps, found, message, secrets);
  } catch (error) {
    // An error of freeing it says nothing: the slot ends by itself.
    await free('neutral').catch(() => {});
    throw error;
  }
  const after = await free(attempted.verdict);
  return after ? judge(deps, found.endpoint, after, attempted, message) : attempted.result;
}

/** Puts a delivery off without an attempt: it was not the endpoint that failed. */
async function postpone(deps: DeliverDeps, { endpoint, delivery }: Found, error: unknown): Promise<Attempted> {
  const nextAttempt = deps.now() + POSTPONE_MS;
  const due = dueOf(delivery, nextAttempt, deps.now());
  const { kind } = await end(deps, endpoint.id, delivery, { status: 'pending', nextAttempt, due });
  const result = kind === 'ended' ? ({ kind: 'postponed', error } as const) : ({ kind: 'dropped' } as const);
  return { result, verdict: 'neutral', answer: undefined };
}
