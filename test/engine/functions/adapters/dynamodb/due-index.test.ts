import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dueIndex } from '../../../../../functions/adapters/dynamodb/due-index.ts';
import { shardOf, shards } from '../../../../../functions/adapters/dynamodb/layout/keys.ts';
import { scheduleRow } from '../../../../../functions/adapters/dynamodb/layout/schedule-row.ts';
import type { Due } from '../../../../../functions/domain/refresh/queue.ts';
import { type Engine, startEmbedded } from '../../../../fakes/engine.ts';
import { metered } from '../../../../fakes/metered.ts';

const NOW = 1_800_000_000_000;

let engine: Engine;
beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());

async function tableOf(groups: readonly Due[]): Promise<string> {
  const table = await engine.table();
  for (const { resultId, due } of groups) {
    await engine.client.send(new PutCommand({ TableName: table, Item: scheduleRow(resultId, { firstSeen: 0, due }) }));
  }
  return table;
}

/** An id of one shard. */
function idIn(shard: string): string {
  for (;;) {
    const id = randomUUID();
    if (shardOf(id) === shard) return id;
  }
}

describe('the groups that are due', () => {
  it('are the oldest of all, wherever they are kept, and none that is due later', async () => {
    const groups = Array.from({ length: 60 }, (_, i) => ({ resultId: randomUUID(), due: NOW - i * 1000 }));
    const later = { resultId: randomUUID(), due: NOW + 1 };
    const index = dueIndex(engine.client, await tableOf([...groups, later]));
    const oldest = groups.toReversed();
    expect(await index.due(NOW, 7)).toEqual(oldest.slice(0, 7));
    expect(await index.due(NOW, 1000)).toEqual(oldest);
    expect(await index.due(0, 1000)).toEqual([]);
  });

  it('are found where nearly all of the oldest are in one shard', async () => {
    const [crowded = '', ...others] = shards;
    const old = Array.from({ length: 90 }, (_, i) => ({ resultId: idIn(crowded), due: NOW - 1_000 + i }));
    const young = others.map((shard, i) => ({ resultId: idIn(shard), due: NOW - 500 + i }));
    const index = dueIndex(engine.client, await tableOf([...young, ...old]));
    expect(await index.due(NOW, 80)).toEqual(old.slice(0, 80));
    const both = [...old, ...young].toSorted((a, b) => a.due - b.due);
    expect((await index.due(NOW, 1000)).map(({ due }) => due)).toEqual(both.map(({ due }) => due));
  });

  it('are read in one request of each shard, hardly more rows than requested', async () => {
    const groups = Array.from({ length: 400 }, (_, i) => ({ resultId: randomUUID(), due: NOW - i }));
    const table = await tableOf(groups);
    const meter = metered(engine.client);
    const cost = meter();
    expect(await dueIndex(engine.client, table).due(NOW, 100)).toHaveLength(100);
    expect(cost.reads.requests).toBe(shards.length);
  });
});
