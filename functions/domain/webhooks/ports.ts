import type { StoredEvent } from '../events/event-bus.ts';
import type { Attempt, AttemptResult, CancelReason, DeliveredEvent, Delivery } from './delivery.ts';
import type { EndpointState, Recovery, WebhookEndpoint } from './endpoint.ts';

/*
 * The store of webhook endpoints and deliveries. A conditional write returns whether it was made. All reads are strongly
 * consistent, unless a comment says otherwise. All times are ms since the epoch.
 */

/** A message of the queue of deliveries. */
export interface DeliverMessage {
  readonly endpointId: string;
  /** Undefined: the endpoint's upkeep is due. */
  readonly deliveryId?: string | undefined;
  /** The next attempt or the due time that it was queued for. A message with another one is dropped. */
  readonly due: number;
  /** Whether it is the probe of an open breaker. */
  readonly isProbe?: boolean | undefined;
}

export interface DeliverQueue {
  /**
   * Queues messages.
   * @param delayMs ms until they arrive, at most 15 minutes.
   * @throws an Error where the queue did not accept all of them.
   */
  send(messages: readonly DeliverMessage[], delayMs?: number): Promise<void>;
}

/** The index of what is due. Eventually consistent. */
export interface DeliverDueIndex {
  /** Returns the deliveries and the endpoints that are due by `now`, oldest first, at most `limit` of each. */
  due(now: number, limit: number): Promise<readonly DeliverMessage[]>;
}

/** A change of an endpoint that is not announced yet. */
export interface UnannouncedChange {
  readonly endpointId: string;
  readonly event: StoredEvent;
}

export interface Endpoints {
  /** All endpoints, in the order of their creation. */
  list(): Promise<readonly WebhookEndpoint[]>;
  get(endpointId: string): Promise<{ readonly endpoint: WebhookEndpoint; readonly state: EndpointState } | undefined>;
  create(endpoint: WebhookEndpoint, announcement: StoredEvent): Promise<boolean>;
  /**
   * Replaces the record, where its revision is still that of `endpoint`, and stores the event that announces the change.
   * The new record has the next revision.
   */
  replace(endpoint: WebhookEndpoint, announcement: StoredEvent | undefined): Promise<boolean>;
  /** Forgets the failures of an endpoint, closes its breaker as a success does, and makes its upkeep due. */
  clearFailures(endpointId: string, now: number): Promise<void>;
  /** Deletes an endpoint. Its deliveries are cancelled afterwards. */
  delete(endpoint: WebhookEndpoint, announcement: StoredEvent): Promise<boolean>;
  /** The changes of endpoints that the bus has not accepted yet, oldest first. */
  unannounced(): Promise<readonly UnannouncedChange[]>;
  announced(change: UnannouncedChange): Promise<void>;
}

/** The part of the store that the routes of deliveries use. */
export interface DeliveryLog {
  get(endpointId: string, deliveryId: string): Promise<Delivery | undefined>;
  /**
   * Lists deliveries, newest first. Eventually consistent.
   * @param before the id of a delivery, or a bound (see firstDeliveryId).
   */
  list(endpointId: string, range: { before?: string; from?: string }, limit: number): Promise<readonly Delivery[]>;
  /**
   * Makes a delivery pending again, as if it had no attempt yet, due at once.
   * @returns whether it was still as it was read.
   */
  resend(endpointId: string, delivery: Delivery, now: number): Promise<boolean>;
  /** Counts one resend. @returns false where the endpoint had `max` of them in this minute. */
  countResend(endpointId: string, max: number, now: number): Promise<boolean>;
  /** Counts one test. @returns false where the endpoint had one in the last `intervalMs`. */
  countTest(endpointId: string, intervalMs: number, now: number): Promise<boolean>;
  /** Begins a recovery, and makes the endpoint's upkeep due. @returns false where another one is under way. */
  recover(endpointId: string, recovery: Recovery, now: number): Promise<boolean>;
  /** Of some events, those that still exist: an erasure deletes the events of a group. */
  existing(events: readonly DeliveredEvent[]): Promise<ReadonlySet<string>>;
}

/** The part of the store that dispatch uses. */
export interface DispatchStore extends Pick<Endpoints, 'list'> {
  /** The event that a message points at; undefined where it has no record, or where its group was erased since. */
  event(resultId: string, eventId: string): Promise<(StoredEvent & DeliveredEvent) | undefined>;
  /** Adds a delivery; an existing one stays. */
  add(endpointId: string, delivery: Delivery): Promise<void>;
}

/** How an attempt or a delivery ends. */
export type Ending =
  | { readonly status: 'delivered'; readonly attempt: Attempt }
  | { readonly status: 'failed'; readonly attempt?: Attempt }
  | { readonly status: 'cancelled'; readonly reason: CancelReason }
  | {
      readonly status: 'pending';
      readonly attempt?: Attempt;
      readonly nextAttempt: number;
      readonly due?: number | undefined;
    };

/** What an attempt says of its endpoint. */
export type Verdict = 'success' | 'failure' | 'neutral';

/** The part of the store that deliver uses. */
export interface DeliverStore
  extends Pick<DispatchStore, 'event'>,
    Pick<Endpoints, 'replace' | 'unannounced' | 'announced'> {
  /** Reads an endpoint and one of its deliveries. */
  read(
    endpointId: string,
    deliveryId?: string,
  ): Promise<{
    readonly endpoint: WebhookEndpoint | undefined;
    readonly state: EndpointState | undefined;
    readonly delivery: Delivery | undefined;
  }>;
  /**
   * Takes a slot for an attempt. False where the slot is not free, where the delivery has one, or where the breaker is not
   * as it was read.
   */
  takeSlot(
    endpointId: string,
    state: EndpointState,
    slot: { readonly number: number; readonly count: number; readonly deliveryId: string; readonly until: number },
    now: number,
  ): Promise<boolean>;
  /**
   * Frees a slot where the delivery still holds it, and counts what the attempt says of the endpoint.
   * @returns the state after it; undefined where the endpoint was deleted.
   */
  freeSlot(
    endpointId: string,
    slot: { readonly number: number; readonly deliveryId: string },
    verdict: Verdict,
    now: number,
  ): Promise<EndpointState | undefined>;
  /** Ends an attempt or a delivery, where its next attempt is still the one of `delivery`. */
  finish(endpointId: string, delivery: Delivery, ending: Ending): Promise<boolean>;
  /** Parks a pending delivery until its endpoint works. */
  park(endpointId: string, delivery: Delivery): Promise<boolean>;
  /**
   * Marks that deliveries of an endpoint are parked, unless it was marked after `before`.
   * @param due when its upkeep is due; undefined: it stays.
   */
  markParked(endpointId: string, now: number, before: number, due: number | undefined): Promise<boolean>;
  /** Returns the oldest parked deliveries. Eventually consistent. */
  parked(endpointId: string, limit: number): Promise<readonly string[]>;
  /** Makes a parked delivery due. @returns its message; undefined where it is not parked any more. */
  release(endpointId: string, deliveryId: string, now: number, due: number): Promise<DeliverMessage | undefined>;
  /** Opens the breaker or keeps it open: the next probe is due at `probeAt`, and so is the upkeep. */
  open(endpointId: string, probeAt: number, failedProbes: number): Promise<void>;
  /** Claims the upkeep of an endpoint: moves its due time. False where the due time is not `from` any more. */
  claimUpkeep(endpointId: string, from: number, until: number): Promise<boolean>;
  /**
   * Ends the upkeep that claimed `claimed`. False where another due time was set in the meantime, or where the breaker or
   * the mark of parked deliveries, if it changes them, are not as it read them. The next upkeep comes all the same.
   */
  finishUpkeep(
    endpointId: string,
    claimed: number,
    end: UpkeepEnd,
    read?: Pick<EndpointState, 'probeAt' | 'parkedAt'>,
  ): Promise<boolean>;
  /** Deliveries of events after `after` up to `until`, oldest first. */
  between(endpointId: string, after: string, until: string, limit: number): Promise<readonly Delivery[]>;
  /** Makes a pending delivery due, whose message may be lost. */
  makeDue(endpointId: string, delivery: Delivery, due: number): Promise<boolean>;
  /** Parks a failed delivery, as if it had no attempt yet. */
  parkAgain(endpointId: string, delivery: Delivery, now: number): Promise<boolean>;
  /** Ends a parked delivery without an attempt. */
  endParked(endpointId: string, deliveryId: string, ending: Ending): Promise<boolean>;
  /** Deletes what is left of a deleted endpoint, except its deliveries. */
  forget(endpointId: string): Promise<void>;
}

/** What an upkeep changes of an endpoint's state. */
export interface UpkeepEnd {
  /** When the next upkeep is due. */
  readonly due: number;
  readonly checkedTo?: string;
  /** null: it is complete. */
  readonly recovery?: Recovery | null;
  /** Since when deliveries are parked; null where none is. */
  readonly parkedAt?: number | null;
  /** When the next probe is due; null where the breaker closes because no delivery is left to probe with. */
  readonly probeAt?: number | null;
}

/** Sends one signed request. */
export interface WebhookSender {
  /**
   * Sends a POST with the headers of Standard Webhooks, signed by each secret. It never throws.
   * @param secrets in clear text, as `whsec_…`.
   */
  send(request: {
    readonly url: string;
    readonly id: string;
    readonly body: string;
    readonly secrets: readonly string[];
  }): Promise<AttemptResult>;
}

/** Encrypts signing secrets, bound to their endpoint and version. */
export interface SecretBox {
  seal(secret: string, endpointId: string, version: number): Promise<string>;
  /** @throws UnreadableSecret where the keyring has no key for it, or where it was sealed for another endpoint. */
  open(sealed: string, endpointId: string, version: number): Promise<string>;
  /** Whether it is sealed with the current key. */
  isCurrent(sealed: string): Promise<boolean>;
}
