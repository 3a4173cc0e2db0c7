import type { Input } from '../../../api/route-types.ts';
import type { DeliveryStatus } from '../types.ts';

/** The tone of each status of a delivery. The type check requires each. */
export const TONES = {
  pending: 'busy',
  delivered: 'good',
  failed: 'bad',
  cancelled: 'neutral',
} as const satisfies Readonly<Record<DeliveryStatus, string>>;

const isStatus = (text: string): text is DeliveryStatus => text in TONES;

export const STATUSES: readonly DeliveryStatus[] = Object.keys(TONES).filter(isStatus);

export type Filter = NonNullable<Input<'GET /webhook-endpoints/{endpoint_id}/deliveries'>['query']>;

/** Returns the filter in an address. A status that does not exist is ignored. */
export const filterOf = ({ status = '', result_id = '' }: Readonly<Record<string, string>>): Filter => ({
  ...(isStatus(status) && { status }),
  ...(result_id !== '' && { result_id }),
});
