import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dueIndex } from '../../../../../../functions/adapters/dynamodb/due-index.ts';
import {
  deliveryShards,
  shards,
  WEBHOOKS_SHARD,
  WITHOUT_CALLS,
  webhookKey,
} from '../../../../../../functions/adapters/dynamodb/layout/keys.ts';
import { scheduleRow } from '../../../../../../functions/adapters/dynamodb/layout/schedule-row.ts';
import { deliverDueIndex } from '../../../../../../functions/adapters/dynamodb/webhooks/deliver-due-index.ts';
import { type Engine, startEmbedded } from '../../../../../fakes/engine.ts';

const NOW = 1_800_000_000_000;
const GROUP = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

let engine: Engine;
beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());

/** A table with rows of endpoints, and one due group. */
async function tableOf(rows: readonly { endpointId: string; sk: string; due?: number; due_shard?: string }[]) {
  const table = await engine.table();
  const put = (Item: Record<string, unknown>) => engine.client.send(new PutCommand({ TableName: table, Item }));
  for (const { endpointId, ...row } of rows) await put({ pk: webhookKey(endpointId), v: 1, ...row });
  await put(scheduleRow(GROUP, { firstSeen: 0, due: NOW - 1 }));
  return table;
}

describe('the deliveries and endpoints that are due', () => {
  it('are found by their shards, oldest first, beside none that is due later or not at all, and apart from groups', async () => {
    const table = await tableOf([
      { endpointId: 'one', sk: 'delivery#dlv_1', due: NOW - 1, due_shard: 'deliveries#0' },
      { endpointId: 'two', sk: 'delivery#dlv_2', due: NOW - 3, due_shard: 'deliveries#1' },
      { endpointId: 'two', sk: 'delivery#dlv_3', due: NOW + 1, due_shard: 'deliveries#1' },
      { endpointId: 'two', sk: 'delivery#dlv_4' },
      { endpointId: 'two', sk: 'state', due: NOW - 2, due_shard: WEBHOOKS_SHARD },
      { endpointId: 'one', sk: 'state', due: NOW + 1, due_shard: WEBHOOKS_SHARD },
    ]);
    const index = deliverDueIndex(engine.client, table);
    expect(await index.due(NOW, 10)).toEqual([
      { endpointId: 'two', deliveryId: 'dlv_2', due: NOW - 3 },
      { endpointId: 'two', due: NOW - 2 },
      { endpointId: 'one', deliveryId: 'dlv_1', due: NOW - 1 },
    ]);
    expect(await index.due(NOW, 1)).toEqual([
      { endpointId: 'two', deliveryId: 'dlv_2', due: NOW - 3 },
      { endpointId: 'two', due: NOW - 2 },
    ]);
    const groups = dueIndex(engine.client, table);
    expect(await groups.due(NOW, 10)).toEqual([{ resultId: GROUP, due: NOW - 1 }]);
    expect(await groups.withoutCalls(NOW, 10)).toEqual([]);
  });

  it('have shards that no group has', () => {
    expect(new Set(deliveryShards).size).toBe(2);
    const ofGroups = [...shards, WITHOUT_CALLS];
    expect([...deliveryShards, WEBHOOKS_SHARD].filter((shard) => ofGroups.includes(shard))).toEqual([]);
  });
});
