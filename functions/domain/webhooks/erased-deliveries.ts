import type { Delivery } from './delivery.ts';
import type { DeliveryLog } from './ports.ts';

/**
 * An erasure deletes the events of a group, and deliver cancels their deliveries only when they are due. So a pending
 * delivery whose event does not exist any more reads as cancelled already.
 */
export async function withErased(
  log: Pick<DeliveryLog, 'existing'>,
  deliveries: readonly Delivery[],
): Promise<readonly Delivery[]> {
  const pending = deliveries.filter(({ status }) => status === 'pending');
  if (pending.length === 0) return deliveries;
  const existing = await log.existing(pending);
  return deliveries.map((one) =>
    one.status === 'pending' && !existing.has(one.eventId) ? { ...one, ...CANCELLED } : one,
  );
}

const CANCELLED = { status: 'cancelled', cancelReason: 'ERASED', nextAttempt: undefined, due: undefined } as const;
