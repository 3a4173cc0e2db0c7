import { DELIVERY_STATUSES } from '../../../../../domain/webhooks/delivery.ts';
import type { Input } from '../../../api/route-types.ts';

export type Filter = NonNullable<Input<'GET /webhook-endpoints/{endpoint_id}/deliveries'>['query']>;

/** Returns the filter in an address. A status that does not exist is ignored. */
export function filterOf({ status, result_id = '' }: Readonly<Record<string, string>>): Filter {
  const known = DELIVERY_STATUSES.find((one) => one === status);
  return { ...(known && { status: known }), ...(result_id !== '' && { result_id }) };
}
