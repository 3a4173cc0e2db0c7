import { type Delivery, type DeliveryStatus, firstDeliveryId, KEPT_MS } from './delivery.ts';
import { withErased } from './erased-deliveries.ts';
import type { DeliveryLog } from './ports.ts';

/** Deliveries that one call reads at most, and those that it reads at once with a filter. */
const MAX_READ = 1_000;
const CHUNK = 250;

export interface DeliveryFilter {
  readonly status?: DeliveryStatus | undefined;
  readonly resultId?: string | undefined;
}

export interface DeliveryPage {
  readonly found: readonly Delivery[];
  /** The id of the delivery after which to continue; undefined at the end. */
  readonly next: string | undefined;
}

/**
 * Lists the deliveries of an endpoint that match a filter, newest first. A page can hold fewer than `limit`, or none,
 * before the end.
 * @param before the id of the delivery after which to continue; undefined at the beginning.
 * @param now ms since the epoch.
 */
export async function listDeliveries(
  log: Pick<DeliveryLog, 'list' | 'existing'>,
  endpointId: string,
  filter: DeliveryFilter,
  { before, limit, now }: { readonly before: string | undefined; readonly limit: number; readonly now: number },
): Promise<DeliveryPage> {
  const isFiltered = filter.status !== undefined || filter.resultId !== undefined;
  const from = firstDeliveryId(now - KEPT_MS);
  const found: Delivery[] = [];
  let next = before;
  for (let read = 0; read < MAX_READ; ) {
    // One more than the page holds shows whether the list ends with it.
    const size = Math.min(isFiltered ? CHUNK : limit + 1, MAX_READ - read);
    const chunk = await log.list(endpointId, { from, ...(next !== undefined && { before: next }) }, size);
    const matching = await matches(log, chunk, filter);
    for (const one of chunk) {
      if (found.length === limit) return { found, next };
      const match = matching.get(one.id);
      if (match) found.push(match);
      next = one.id;
    }
    if (chunk.length < size) return { found, next: undefined };
    read += chunk.length;
  }
  return { found, next };
}

/** Returns those of some deliveries that match a filter, by id. */
async function matches(
  log: Pick<DeliveryLog, 'existing'>,
  deliveries: readonly Delivery[],
  { status, resultId }: DeliveryFilter,
): Promise<ReadonlyMap<string, Delivery>> {
  const ofGroup = deliveries.filter((one) => resultId === undefined || one.resultId === resultId);
  const current = await withErased(log, ofGroup);
  return new Map(current.flatMap((one) => (status === undefined || one.status === status ? [[one.id, one]] : [])));
}
