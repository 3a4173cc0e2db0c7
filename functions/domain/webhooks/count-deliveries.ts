import { type DeliveryStatus, firstDeliveryId } from './delivery.ts';
import { withErased } from './erased-deliveries.ts';
import type { DeliveryLog } from './ports.ts';

/** ms of the time that counts are of. */
const WINDOW_MS = 86_400_000;
const MAX_COUNTED = 10_000;
/** Deliveries that are read at once: with their attempts they take less than the 1 MB of a query. */
const CHUNK = 500;

export interface Counts {
  readonly statuses: Readonly<Record<DeliveryStatus, number>>;
  /** False where there are MAX_COUNTED deliveries or more: then the newest ones are counted. */
  readonly isComplete: boolean;
}

/** Counts the deliveries of events of the last 24 hours. @param now ms since the epoch. */
export async function countDeliveries(
  log: Pick<DeliveryLog, 'list' | 'existing'>,
  endpointId: string,
  now: number,
): Promise<Counts> {
  const statuses = { pending: 0, delivered: 0, failed: 0, cancelled: 0 };
  const from = firstDeliveryId(now - WINDOW_MS);
  let before: string | undefined;
  for (let counted = 0; counted < MAX_COUNTED; counted += CHUNK) {
    const chunk = await log.list(endpointId, { from, ...(before !== undefined && { before }) }, CHUNK);
    for (const { status } of await withErased(log, chunk)) statuses[status]++;
    if (chunk.length < CHUNK) return { statuses, isComplete: true };
    before = chunk.at(-1)?.id;
  }
  return { statuses, isComplete: false };
}
