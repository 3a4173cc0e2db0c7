import type { DispatchStore } from '../../../domain/webhooks/ports.ts';
import { conditionalWrites, NEW } from '../requests/conditional-writes.ts';
import type { Place } from '../requests/place.ts';
import { deliveryRow } from './delivery-row.ts';
import { listEndpoints } from './endpoints.ts';
import { readEvent } from './event-row.ts';

/** @param now ms since the epoch. */
export function dispatchStore(place: Place, now: () => number): DispatchStore {
  const writes = conditionalWrites(place.client, place.table);
  return {
    list: () => listEndpoints(place),
    event: (resultId, eventId) => readEvent(place, resultId, eventId),
    async add(endpointId, delivery) {
      await writes.put(deliveryRow(endpointId, delivery, now()), NEW);
    },
  };
}
