import { announceChanges } from './announce-change.ts';
import type { DeliverDeps } from './delivering.ts';
import { type Delivery, firstDeliveryId } from './delivery.ts';
import { activeSecrets, type EndpointState, type Recovery, type WebhookEndpoint } from './endpoint.ts';
import { CHECK_PARKED_MS, releaseParked } from './parking.ts';
import type { DeliverMessage, UpkeepEnd } from './ports.ts';
import { CHECK_AFTER_MS } from './retry.ts';
import { sendAt } from './send-at.ts';
import { freeSlots } from './slots.ts';

type UpkeepDeps = Omit<DeliverDeps, 'sender' | 'sleep'>;

/** What an upkeep did; undefined where another one is under way. */
export interface Upkeep {
  /** Pending deliveries whose message was lost. */
  readonly madeDue: number;
  readonly released: number;
  readonly recovered: number;
  /** Seconds since the endpoint began to fail; 0 where it does not fail. */
  readonly failingSeconds: number;
  /** Why secrets of the endpoint can not be read; undefined where they can. */
  readonly secretsFault: unknown;
}

/** ms: an upkeep that dies is repeated after this time. */
const UPKEEP_MS = 60_000;
/** ms to the next upkeep of an endpoint where nothing waits, and where the index can still miss a parked delivery. */
const IDLE_MS = 10 * 60_000;
const PARKED_MS = 30_000;
/** The same, while attempts in all slots release parked deliveries as they end. */
const BUSY_MS = 10_000;
/** ms after which a probe is sent again whose message or worker was lost. */
const PROBE_LATE_MS = 60_000;
/** ms after which the index of parked deliveries has every delivery. */
const INDEX_MS = 30_000;
/** Deliveries that one upkeep reads, and those of them that it changes at once. */
const MAX_READ = 250;

/**
 * Looks after an endpoint: it makes pending deliveries due whose messages were lost, sends the probe of an open breaker,
 * releases parked deliveries, goes on with a recovery, announces changes of endpoints that the bus did not accept, and
 * seals secrets with the current key.
 * An endpoint is always due for its next upkeep, so no delivery depends on a message alone.
 */
export async function upkeep(deps: UpkeepDeps, { endpointId, due }: DeliverMessage): Promise<Upkeep | undefined> {
  const { store, now } = deps;
  const { endpoint, state } = await store.read(endpointId);
  if (!state || state.due !== due) return undefined;
  const claimed = now() + UPKEEP_MS;
  if (!(await store.claimUpkeep(endpointId, due, claimed))) return undefined;
  const isAnnounced = await announceChanges({ ...deps, endpoints: store });
  if (!endpoint) return endDeleted(deps, endpointId, claimed, isAnnounced);
  const checked = await checkPending(deps, endpointId, state);
  if (!endpoint.isEnabled) return endDisabled(deps, endpoint, claimed, checked);
  const recovered = await recoverSome(deps, endpointId, state.recovery);
  const parking =
    state.probeAt === undefined
      ? await releaseSome(deps, endpointId, state)
      : await probe(deps, endpointId, state.probeAt);
  const isMore = checked.isMore || recovered.end.recovery;
  await finish(
    deps,
    endpointId,
    claimed,
    {
      ...{ checkedTo: checked.to, ...parking.end, ...recovered.end },
      due: isMore ? now() : parking.end.due,
    },
    state,
  );
  return {
    madeDue: checked.madeDue,
    recovered: recovered.count,
    released: parking.released,
    secretsFault: await sealAgain(deps, endpoint),
    failingSeconds: state.failingSince === undefined ? 0 : Math.round((now() - state.failingSince) / 1000),
  };
}

/** Ends an upkeep. A message brings the next one where the sweep would bring it too late. */
async function finish(
  { store, queue, now }: UpkeepDeps,
  endpointId: string,
  claimed: number,
  end: UpkeepEnd,
  read?: EndpointState,
): Promise<void> {
  if (!(await store.finishUpkeep(endpointId, claimed, end, read))) return;
  await sendAt(queue, { endpointId, due: end.due }, now());
}

const NOTHING_DONE = { madeDue: 0, released: 0, recovered: 0, failingSeconds: 0, secretsFault: undefined };

async function endDeleted(
  deps: UpkeepDeps,
  endpointId: string,
  claimed: number,
  isAnnounced: boolean,
): Promise<Upkeep> {
  const { store, now } = deps;
  const ids = await store.parked(endpointId, MAX_READ);
  for (const id of ids) await store.endParked(endpointId, id, { status: 'cancelled', reason: 'ENDPOINT_DELETED' });
  // A delivery that was parked just now can be missing in the index, and the deletion may wait to be announced: so the
  // state goes at an upkeep that finds nothing to do.
  if (ids.length > 0 || !isAnnounced)
    await finish(deps, endpointId, claimed, { due: now() + (ids.length === MAX_READ ? 0 : PARKED_MS) });
  else await store.forget(endpointId);
  return NOTHING_DONE;
}

async function endDisabled(
  deps: UpkeepDeps,
  endpoint: WebhookEndpoint,
  claimed: number,
  { to, isMore, madeDue }: Checked,
): Promise<Upkeep> {
  const { store, now } = deps;
  const ids = await store.parked(endpoint.id, MAX_READ);
  for (const id of ids) await store.endParked(endpoint.id, id, { status: 'failed' });
  const delay = isMore || ids.length === MAX_READ ? 0 : ids.length > 0 ? PARKED_MS : IDLE_MS;
  await finish(deps, endpoint.id, claimed, { due: now() + delay, checkedTo: to, recovery: null });
  // It can be enabled after the earlier key was dropped.
  return { ...NOTHING_DONE, madeDue, secretsFault: await sealAgain(deps, endpoint) };
}

interface Checked {
  readonly madeDue: number;
  /** The last delivery that was looked at. */
  readonly to: string;
  readonly isMore: boolean;
}

/** Makes deliveries due that are pending minutes after their event without a due time: their messages were lost. */
async function checkPending(
  { store, queue, now }: UpkeepDeps,
  endpointId: string,
  state: EndpointState,
): Promise<Checked> {
  const until = firstDeliveryId(now() - CHECK_AFTER_MS);
  if (until <= state.checkedTo) return { madeDue: 0, to: state.checkedTo, isMore: false };
  const found = await store.between(endpointId, state.checkedTo, until, MAX_READ);
  const lost = found.filter(isLost);
  const messages: DeliverMessage[] = [];
  for (const one of lost) {
    const due = now();
    if (await store.makeDue(endpointId, one, due)) messages.push({ endpointId, deliveryId: one.id, due });
  }
  if (messages.length > 0) await queue.send(messages);
  const isMore = found.length === MAX_READ;
  return { madeDue: messages.length, to: (isMore ? found.at(-1)?.id : undefined) ?? until, isMore };
}

const isLost = ({ status, nextAttempt, due }: Delivery): boolean =>
  status === 'pending' && nextAttempt !== undefined && due === undefined;

/** Parks failed deliveries that a recovery names, so that they are released as the endpoint takes them. */
async function recoverSome(
  { store, now }: UpkeepDeps,
  endpointId: string,
  recovery: Recovery | undefined,
): Promise<{ readonly count: number; readonly end: Pick<UpkeepEnd, 'recovery' | 'parkedAt'> }> {
  if (!recovery) return { count: 0, end: {} };
  const { since, until, after = firstDeliveryId(since) } = recovery;
  const found = await store.between(endpointId, after, firstDeliveryId(until), MAX_READ);
  let count = 0;
  for (const one of found) if (one.status === 'failed' && (await store.parkAgain(endpointId, one, now()))) count++;
  const last = found.length === MAX_READ ? found.at(-1) : undefined;
  return {
    count,
    end: { recovery: last ? { ...recovery, after: last.id } : null, ...(count > 0 && { parkedAt: now() }) },
  };
}

interface Parking {
  readonly released: number;
  readonly end: Pick<UpkeepEnd, 'due' | 'parkedAt' | 'probeAt'>;
}

/** Releases as many parked deliveries as the endpoint takes at once; each that ends releases the next one. */
async function releaseSome(deps: UpkeepDeps, endpointId: string, state: EndpointState): Promise<Parking> {
  const { slotsPerEndpoint, now } = deps;
  const { parkedAt } = state;
  const free = freeSlots(state, slotsPerEndpoint, now()).length;
  const { released, found } = await releaseParked(deps, endpointId, free);
  if (found > 0) return { released, end: { due: now() + (free > 0 ? CHECK_PARKED_MS : BUSY_MS) } };
  if (parkedAt === undefined) return { released, end: { due: now() + IDLE_MS } };
  const isSettled = parkedAt <= now() - INDEX_MS;
  return { released, end: isSettled ? { due: now() + IDLE_MS, parkedAt: null } : { due: now() + PARKED_MS } };
}

/** Sends the oldest parked delivery as the probe, where one is due. */
async function probe(deps: UpkeepDeps, endpointId: string, probeAt: number): Promise<Parking> {
  const { now } = deps;
  if (now() < probeAt) return { released: 0, end: { due: probeAt } };
  const { released, found } = await releaseParked(deps, endpointId, 1, { isProbe: true });
  const next = now() + PROBE_LATE_MS;
  // Without a delivery to probe with, the next one is.
  if (found === 0) return { released, end: { due: now() + PARKED_MS, probeAt: null } };
  return { released, end: { due: next, probeAt: next } };
}

/**
 * Seals secrets with the current key that an earlier one sealed, so that an operator can drop that key. Secrets that have
 * ended are dropped.
 * @returns why it could not; undefined where all are sealed with the current key.
 */
async function sealAgain({ store, secrets, now }: UpkeepDeps, endpoint: WebhookEndpoint): Promise<unknown> {
  const { id } = endpoint;
  const active = activeSecrets(endpoint, now());
  try {
    const isCurrent = await Promise.all(active.map(({ sealed }) => secrets.isCurrent(sealed)));
    if (isCurrent.every(Boolean)) return undefined;
    const sealed = active.map(async (one) => {
      const secret = await secrets.open(one.sealed, id, one.version);
      return { ...one, sealed: await secrets.seal(secret, id, one.version) };
    });
    await store.replace({ ...endpoint, secrets: await Promise.all(sealed) }, undefined);
    return undefined;
  } catch (error) {
    return error;
  }
}
