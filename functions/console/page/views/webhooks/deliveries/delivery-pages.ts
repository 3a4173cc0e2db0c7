import type { Client } from '../../../api/client.ts';
import type { Delivery } from '../types.ts';
import type { Filter } from './filter.ts';

/** The deliveries of some pages. */
export interface DeliveryPages {
  readonly deliveries: readonly Delivery[];
  /** Where the next page begins; null at the end of the list. */
  readonly cursor: string | null;
}

interface Reading {
  /** How many deliveries are needed. */
  readonly count: number;
  /** Where to begin; undefined for the newest delivery. */
  readonly cursor?: string;
}

const PAGE = '50';
/** With a filter, a call can return few deliveries, or none, before the end of the list. */
const MAX_CALLS = 5;

/** Reads pages until there are enough deliveries, or the list ends, or the filter matches too rarely. */
export async function readDeliveries(
  client: Client,
  endpointId: string,
  filter: Filter,
  { count, cursor: start }: Reading,
  options: { readonly signal?: AbortSignal } = {},
): Promise<DeliveryPages> {
  const deliveries: Delivery[] = [];
  let cursor = start;
  for (let calls = 1; ; calls++) {
    const query = { ...filter, limit: PAGE, ...(cursor !== undefined && { cursor }) };
    const input = { parameters: { endpoint_id: endpointId }, query };
    const { body } = await client.call('GET /webhook-endpoints/{endpoint_id}/deliveries', input, options);
    deliveries.push(...body.items);
    const isEnough = deliveries.length >= count || calls === MAX_CALLS;
    if (body.next_cursor === null || isEnough) return { deliveries, cursor: body.next_cursor };
    cursor = body.next_cursor;
  }
}
