import { tooSoon } from '../refusal.ts';
import { retried } from '../store/retried.ts';
import { findEndpoint } from './change-endpoint.ts';
import { type DeliveredEvent, firstDeliveryId, KEPT_MS } from './delivery.ts';
import { disabledEndpoint, erasedEvent, unknownDelivery } from './endpoint-refusals.ts';
import type { DeliverQueue, DeliveryLog, Endpoints } from './ports.ts';

export interface DeliverAgainDeps {
  readonly endpoints: Pick<Endpoints, 'get'>;
  readonly log: Pick<DeliveryLog, 'get' | 'existing' | 'countResend' | 'resend' | 'recover'>;
  readonly queue: DeliverQueue;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** Resends of an endpoint in a minute. */
const MAX_RESENDS = 60;
const MINUTE_MS = 60_000;

/**
 * Delivers one event again, whatever became of its delivery. The attempts and retries begin anew.
 * @throws Refusal UNKNOWN_ENDPOINT, DISABLED_ENDPOINT, UNKNOWN_DELIVERY, ERASED_EVENT, CONCURRENT_CHANGES; QUOTA_SPENT
 * after MAX_RESENDS of the endpoint in this minute. An Error where the queue did not accept it: the sweep queues it then.
 */
export async function resendDelivery(deps: DeliverAgainDeps, endpointId: string, id: string): Promise<void> {
  const { log, queue, now } = deps;
  await findEnabled(deps, endpointId);
  const first = await findDelivery(deps, endpointId, id);
  const at = now();
  if (!(await log.countResend(endpointId, MAX_RESENDS, at))) {
    throw tooSoon(
      `Only ${MAX_RESENDS} deliveries of a webhook endpoint can be sent again in a minute.`,
      MINUTE_MS - (at % MINUTE_MS),
    );
  }
  const due = await retried(async (attempt) => {
    const delivery = attempt === 0 ? first : await findDelivery(deps, endpointId, id);
    const at = now();
    return (await log.resend(endpointId, delivery, at)) ? at : undefined;
  });
  await queue.send([{ endpointId, deliveryId: id, due }]);
}

/**
 * Begins to deliver every failed delivery of events since a time again.
 * @param since ms since the epoch.
 * @throws Refusal UNKNOWN_ENDPOINT, DISABLED_ENDPOINT; QUOTA_SPENT while another recovery is under way. An Error where the
 * queue did not accept it: the sweep queues it then.
 */
export async function recoverEndpoint(deps: DeliverAgainDeps, endpointId: string, since: number): Promise<void> {
  const { log, queue, now } = deps;
  await findEnabled(deps, endpointId);
  const at = now();
  if (!(await log.recover(endpointId, { since, until: at, after: undefined }, at))) {
    throw tooSoon('A recovery of this webhook endpoint is under way.', MINUTE_MS);
  }
  await queue.send([{ endpointId, due: at }]);
}

async function findEnabled(deps: DeliverAgainDeps, endpointId: string): Promise<void> {
  const { endpoint } = await findEndpoint(deps, endpointId);
  if (!endpoint.isEnabled) throw disabledEndpoint();
}

async function findDelivery({ log, now }: DeliverAgainDeps, endpointId: string, id: string) {
  // DynamoDB deletes expired records late.
  const found = id < firstDeliveryId(now() - KEPT_MS) ? undefined : await log.get(endpointId, id);
  if (!found) throw unknownDelivery();
  if (!(await exists(log, found))) throw erasedEvent();
  return found;
}

const exists = async (log: Pick<DeliveryLog, 'existing'>, event: DeliveredEvent): Promise<boolean> =>
  (await log.existing([event])).has(event.eventId);
