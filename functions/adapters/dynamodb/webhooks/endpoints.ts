import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { firstDeliveryId } from '../../../domain/webhooks/delivery.ts';
import type { EndpointState, WebhookEndpoint } from '../../../domain/webhooks/endpoint.ts';
import type { Endpoints, UnannouncedChange } from '../../../domain/webhooks/ports.ts';
import { CHECK_AFTER_MS } from '../../../domain/webhooks/retry.ts';
import { WEBHOOK_ENDPOINTS } from '../layout/keys.ts';
import { batchGet } from '../requests/batch-get.ts';
import { conditionalWrites, NEW } from '../requests/conditional-writes.ts';
import { partition } from '../requests/partition.ts';
import type { Place } from '../requests/place.ts';
import { EndpointRow, endpointAttributes, endpointKey, endpointOf } from './endpoint-row.ts';
import { dueForUpkeep, FAILURES, newStateRow, stateKey, stateOf } from './state-row.ts';

/** ms after its creation at which an endpoint has its first upkeep. */
const FIRST_UPKEEP_MS = 10 * 60_000;

/** Reads the rows of all endpoints, deleted ones that are not announced included. */
const endpointRows = async (place: Place): Promise<EndpointRow[]> =>
  (await partition(place, WEBHOOK_ENDPOINTS, { isConsistent: true })).map((row) => EndpointRow.parse(row));

/** Lists the endpoints in the order of their creation. */
export const listEndpoints = async (place: Place): Promise<WebhookEndpoint[]> =>
  (await endpointRows(place))
    .filter(({ deleted }) => !deleted)
    .map(endpointOf)
    .sort((a, b) => a.createdAt - b.createdAt);

/** Reads an endpoint with its state. Both are undefined where they are deleted. */
export async function readEndpoint(
  { client, table }: Place,
  endpointId: string,
): Promise<{ readonly endpoint: WebhookEndpoint | undefined; readonly state: EndpointState | undefined }> {
  const keys = [endpointKey(endpointId), stateKey(endpointId)];
  const rows = await batchGet(client, table, keys);
  const config = rows.find(({ pk }) => pk === WEBHOOK_ENDPOINTS);
  const state = rows.find(({ pk }) => pk !== WEBHOOK_ENDPOINTS);
  const row = config && EndpointRow.parse(config);
  return { endpoint: row && !row.deleted ? endpointOf(row) : undefined, state: state && stateOf(state) };
}

/** Replaces the row of an endpoint, if its revision is still the one that was read. */
export function endpointChanges(place: Place): Pick<Endpoints, 'replace' | 'unannounced' | 'announced'> {
  const { client, table } = place;
  const writes = conditionalWrites(client, table);
  return {
    async replace(endpoint, announcement) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: endpointKey(endpoint.id), ConsistentRead: true }),
      );
      const row = Item && EndpointRow.parse(Item);
      if (!row || row.deleted || row.revision !== endpoint.revision) return false;
      const unannounced = [...row.unannounced, ...(announcement ? [announcement] : [])];
      return writes.put(
        { ...endpointKey(endpoint.id), ...endpointAttributes(endpoint), revision: row.revision + 1, unannounced },
        { when: 'revision = :revision', values: { ':revision': row.revision } },
      );
    },

    async unannounced() {
      const rows = await endpointRows(place);
      const all = rows.flatMap((row) => row.unannounced.map((event) => ({ endpointId: endpointOf(row).id, event })));
      return all.sort((a, b) => (a.event.timestamp < b.event.timestamp ? -1 : 1));
    },

    async announced({ endpointId, event }: UnannouncedChange) {
      const key = endpointKey(endpointId);
      for (;;) {
        const { Item } = await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
        const row = Item && EndpointRow.parse(Item);
        if (!row?.unannounced.some(({ id }) => id === event.id)) return;
        const unannounced = row.unannounced.filter(({ id }) => id !== event.id);
        const unchanged = { when: 'revision = :revision', values: { ':revision': row.revision } };
        const isMade =
          row.deleted && unannounced.length === 0
            ? await writes.delete(key, unchanged)
            : await writes.update(key, { set: { unannounced, revision: row.revision + 1 } }, unchanged);
        if (isMade) return;
      }
    },
  };
}

/** The store of webhook endpoints, for the routes that manage them. */
export function webhookEndpoints(place: Place): Endpoints {
  const { client, table } = place;
  const writes = conditionalWrites(client, table);
  return {
    ...endpointChanges(place),
    list: () => listEndpoints(place),

    async get(endpointId) {
      const { endpoint, state } = await readEndpoint(place, endpointId);
      return endpoint && state && { endpoint, state };
    },

    async create(endpoint, announcement) {
      // The state comes first: an endpoint without one could get no delivery. A state alone has one upkeep, and goes. An
      // event from before can still be dispatched, so the upkeep begins before it.
      const { id, createdAt } = endpoint;
      await writes.put(newStateRow(id, firstDeliveryId(createdAt - CHECK_AFTER_MS), createdAt + FIRST_UPKEEP_MS), NEW);
      const row = { ...endpointKey(id), ...endpointAttributes(endpoint), revision: endpoint.revision };
      return writes.put({ ...row, unannounced: [announcement] }, NEW);
    },

    async clearFailures(endpointId, now) {
      await writes.update(
        stateKey(endpointId),
        { set: dueForUpkeep(now), remove: FAILURES },
        { when: 'attribute_exists(pk)' },
      );
    },

    async delete({ id, revision }, announcement) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: endpointKey(id), ConsistentRead: true }),
      );
      const row = Item && EndpointRow.parse(Item);
      if (!row || row.deleted || row.revision !== revision) return false;
      return writes.update(
        endpointKey(id),
        {
          // Its secrets go at once.
          set: { deleted: true, secrets: [], unannounced: [...row.unannounced, announcement], revision: revision + 1 },
        },
        { when: 'revision = :revision', values: { ':revision': revision } },
      );
    },
  };
}
