import type { DeliverDeps, DeliverResult, Found, ReceivedMessage } from './delivering.ts';
import { type AttemptResult, type Delivery, isSuccess } from './delivery.ts';
import type { DeliverMessage, Ending, Verdict } from './ports.ts';
import { dueOf, nextAttemptAt } from './retry.ts';
import { sendAt } from './send-at.ts';

/** What became of an attempt. */
export interface Attempted {
  readonly result: DeliverResult;
  readonly verdict: Verdict;
  /** Undefined where no request was made. */
  readonly answer: AttemptResult | undefined;
}

const NO_REQUEST = { verdict: 'neutral', answer: undefined } as const;

/** An endpoint that is gone for good, which says so. */
export const GONE = 410;

/** Whether a delivery is due for the message. */
export const isMeant = ({ status, nextAttempt, due }: Delivery, message: DeliverMessage): boolean =>
  status === 'pending' && nextAttempt !== undefined && (message.due === nextAttempt || message.due === due);

/**
 * Sends a delivery once, records how it ended, and queues the next attempt.
 * @param secrets in clear text.
 */
export async function attempt(
  deps: DeliverDeps,
  { delivery: before }: Found,
  message: ReceivedMessage,
  secrets: readonly string[],
): Promise<Attempted> {
  const { store, sender, now } = deps;
  const { endpointId, deliveryId } = message;
  const [{ endpoint, delivery }, event] = await Promise.all([
    store.read(endpointId, deliveryId),
    store.event(before.resultId, before.eventId),
  ]);
  // Another run can have ended, or an admin can have changed the endpoint, between the first read and the slot.
  if (!delivery || !isMeant(delivery, message)) return { result: { kind: 'dropped' }, ...NO_REQUEST };
  const ended = (ending: Ending) => end(deps, endpointId, delivery, ending);
  if (!event) return { result: await ended({ status: 'cancelled', reason: 'ERASED' }), ...NO_REQUEST };
  if (!endpoint?.isEnabled) return { result: await ended({ status: 'failed' }), ...NO_REQUEST };
  const at = now();
  const answer = await sender.send({ url: endpoint.url, id: event.id, body: event.body, secrets });
  const result = await ended(endingOf(deps, delivery, at, answer));
  return { result, verdict: isSuccess(answer) ? 'success' : 'failure', answer };
}

/** How an attempt that began at a time ends its delivery, or when the next one is due. */
export function endingOf(
  { now, random }: Pick<DeliverDeps, 'now' | 'random'>,
  delivery: Delivery,
  at: number,
  result: AttemptResult,
): Ending {
  const { answer, durationMs, retryAfterSeconds } = result;
  const attempt = { at, answer, durationMs };
  if (isSuccess(result)) return { status: 'delivered', attempt };
  const failed = delivery.attemptCount + 1;
  const since = failed === 1 ? at : delivery.retriesSince;
  const next = answer === GONE ? undefined : nextAttemptAt({ failed, since, retryAfterSeconds }, now(), random());
  if (next === undefined) return { status: 'failed', attempt };
  return { status: 'pending', attempt, nextAttempt: next, due: dueOf(delivery, next, now()) };
}

/** Ends an attempt or a delivery, and queues the next attempt. A lost message is made up for by the sweep or the upkeep. */
export async function end(
  { store, queue, now }: Pick<DeliverDeps, 'store' | 'queue' | 'now'>,
  endpointId: string,
  delivery: Delivery,
  ending: Ending,
): Promise<DeliverResult> {
  if (!(await store.finish(endpointId, delivery, ending))) return { kind: 'dropped' };
  if (ending.status === 'pending') {
    await sendAt(queue, { endpointId, deliveryId: delivery.id, due: ending.nextAttempt }, now());
  }
  return { kind: 'ended', delivery, ending };
}
