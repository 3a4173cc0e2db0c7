import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { eventSk, groupKey } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import { deliverDueIndex } from '../../../functions/adapters/dynamodb/webhooks/deliver-due-index.ts';
import { deliverStore } from '../../../functions/adapters/dynamodb/webhooks/deliver-store.ts';
import { dispatchStore } from '../../../functions/adapters/dynamodb/webhooks/dispatch-store.ts';
import { webhookEndpoints } from '../../../functions/adapters/dynamodb/webhooks/endpoints.ts';
import type { GroupEvent } from '../../../functions/domain/events/event.ts';
import { endpointEvent } from '../../../functions/domain/webhooks/endpoint-events.ts';
import type { Engine } from '../../fakes/engine.ts';
import type { Stores } from './world.ts';

/** Rows that a request writes at most. */
const AT_ONCE = 25;

/** The store of deliveries on an engine. @param now ms since the epoch. */
export async function engineStores({ client, table: newTable }: Engine, now: () => number): Promise<Stores> {
  const table = await newTable();
  const place = { client, table };
  return {
    deliver: deliverStore(place),
    dispatch: dispatchStore(place, now),
    index: deliverDueIndex(client, table),
    async addEndpoint(endpoint) {
      const event = endpointEvent({ type: 'webhook_endpoint.created', endpoint, at: now() });
      await webhookEndpoints(place).create(endpoint, event);
    },
    async addEvents(events) {
      const rows = events.map((event) => ({ PutRequest: { Item: rowOf(event) } }));
      for (let i = 0; i < rows.length; i += AT_ONCE) {
        await client.send(new BatchWriteCommand({ RequestItems: { [table]: rows.slice(i, i + AT_ONCE) } }));
      }
    },
  };
}

const rowOf = (event: GroupEvent) => ({
  pk: groupKey(event.data.result_id),
  sk: eventSk(event.id),
  v: 1,
  type: event.type,
  version: event.data.version,
  body: JSON.stringify(event),
});
