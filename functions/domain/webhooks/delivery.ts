import type { EventType } from '../events/event.ts';
import { sortableTime } from '../group/position.ts';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed', 'cancelled'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Why an attempt failed without an HTTP status. No class names an address. */
export const ATTEMPT_ERRORS = [
  /** The URL or an address of its host is not allowed. */
  'REFUSED_ADDRESS',
  /** The host name has no address. */
  'DNS',
  /** No connection. */
  'CONNECT',
  /** No valid certificate. */
  'TLS',
  /** No complete answer within the deadline. */
  'TIMEOUT',
  /** The connection broke, or the answer is no HTTP. */
  'PROTOCOL',
  /** The headers of the answer are longer than the service reads. */
  'TOO_LONG',
  /** The function ended during the attempt; the receiver can have got it. */
  'INTERRUPTED',
] as const;
export type AttemptError = (typeof ATTEMPT_ERRORS)[number];

/** The end of one HTTP request to an endpoint. */
export interface AttemptResult {
  /** The HTTP status, or the class of the failure. */
  readonly answer: number | AttemptError;
  /** ms from the beginning to the last byte that was read. */
  readonly durationMs: number;
  /** Seconds, from `Retry-After` of a 429 or 503; undefined where there is none. */
  readonly retryAfterSeconds: number | undefined;
}

/** Whether a receiver accepted an event. */
export const isSuccess = ({ answer }: Pick<AttemptResult, 'answer'>): boolean =>
  typeof answer === 'number' && answer >= 200 && answer < 300;

/** An attempt, as the log of a delivery keeps it. */
export interface Attempt extends Pick<AttemptResult, 'answer' | 'durationMs'> {
  /** When it began, ms since the epoch. */
  readonly at: number;
}

/** Why a delivery is cancelled: its group was erased, or its endpoint was deleted. */
export const CANCEL_REASONS = ['ERASED', 'ENDPOINT_DELETED'] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

/** The event of a delivery: ids alone. */
export interface DeliveredEvent {
  readonly eventId: string;
  readonly type: EventType;
  readonly resultId: string;
  readonly version: number;
  /** The time of the event, ms since the epoch. */
  readonly at: number;
}

/** The delivery of one event to one endpoint. All times are ms since the epoch. */
export interface Delivery extends DeliveredEvent {
  readonly id: string;
  readonly status: DeliveryStatus;
  readonly cancelReason: CancelReason | undefined;
  /** The last MAX_LOGGED attempts, oldest first. */
  readonly attempts: readonly Attempt[];
  /** Attempts so far, since the delivery was made or sent again. */
  readonly attemptCount: number;
  /** When these attempts began: retries end three days later. */
  readonly retriesSince: number;
  /** When the next attempt is due; undefined where the delivery is finished, or parked until its endpoint works. */
  readonly nextAttempt: number | undefined;
  /** When the sweep queues it; undefined where only its message does. */
  readonly due: number | undefined;
}

/** Days for which the service keeps deliveries. Events stay longer. */
export const DELIVERY_DAYS = 30;
/** The same in ms. */
export const KEPT_MS = DELIVERY_DAYS * 86_400_000;
/** Attempts that the log of a delivery keeps. */
export const MAX_LOGGED = 12;

/**
 * The id of a delivery is that of its event with the time in front, so that ids of an endpoint's deliveries sort by the
 * time of the event.
 */
export const deliveryId = ({ eventId, at }: Pick<DeliveredEvent, 'eventId' | 'at'>): string =>
  `dlv_${sortableTime(at)}_${eventId.slice('evt_'.length)}`;

/** What the id of a delivery says of its event. */
export const eventOfDelivery = (id: string): Pick<DeliveredEvent, 'eventId' | 'at'> => {
  const [, at, event] = /^dlv_(\d+)_(.+)$/.exec(id) ?? [];
  return { eventId: `evt_${event}`, at: Number(at) };
};

export const DELIVERY_ID = /^dlv_\d{13,15}_[\w-]{22}$/;
/** A bound before the ids of all deliveries of a time and after those of earlier ones. @param at ms since the epoch. */
export const firstDeliveryId = (at: number): string => `dlv_${sortableTime(at)}`;
