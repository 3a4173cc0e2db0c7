import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DeliverDueIndex, DeliverMessage } from '../../../domain/webhooks/ports.ts';
import { type DueRow, dueRows } from '../due-rows.ts';
import { deliveryIdOf, deliveryShards, endpointIdOf, WEBHOOKS_SHARD } from '../layout/keys.ts';

const deliveryOf = ({ pk, sk, due }: DueRow): DeliverMessage => ({
  endpointId: endpointIdOf(pk),
  deliveryId: deliveryIdOf(sk),
  due,
});
const upkeepOf = ({ pk, due }: DueRow): DeliverMessage => ({ endpointId: endpointIdOf(pk), due });

/** The part of the index of due rows with deliveries and endpoints. Each has shards of its own, apart from groups. */
export const deliverDueIndex = (client: DynamoDBDocumentClient, table: string): DeliverDueIndex => ({
  async due(now, limit) {
    const [deliveries, upkeeps] = await Promise.all([
      dueRows(client, table, deliveryShards, now, limit),
      dueRows(client, table, [WEBHOOKS_SHARD], now, limit),
    ]);
    return [...deliveries.map(deliveryOf), ...upkeeps.map(upkeepOf)].sort((a, b) => a.due - b.due);
  },
});
