import { randomBytes } from 'node:crypto';
import type { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { snapshotStore } from '../../../../../functions/adapters/dynamodb/snapshot-store.ts';
import { type Engine, startEmbedded } from '../../../../fakes/engine.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

let engine: Engine;
beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());

/** A client that tells how many requests were under way at once. */
function counting(client: DynamoDBDocumentClient, max: { atOnce: number }): DynamoDBDocumentClient {
  let underWay = 0;
  return new Proxy(client, {
    get: (target, name) =>
      name === 'send'
        ? async (command: PutCommand) => {
            max.atOnce = Math.max(max.atOnce, ++underWay);
            try {
              return await target.send(command);
            } finally {
              underWay--;
            }
          }
        : Reflect.get(target, name),
  });
}

it.each([
  ['full rows two', 380 * 1024, 2],
  ['middling rows ten', 100_000, 10],
  ['small rows sixteen', 10_000, 16],
])('writes %s at a time, and finds all of them', async (_, size, atOnce) => {
  const max = { atOnce: 0 };
  const table = await engine.table();
  const store = snapshotStore({ client: counting(engine.client, max), table, retentionDays: 1, now: () => 0 });
  const packed = Array.from({ length: 40 }, () => randomBytes(size));
  const pages = packed.map((bytes, i) => ({ introduced: 1, hash: `page-${i}`, count: 1, rows: 1, packed: bytes }));
  await store.putPages(ID, pages);
  expect(max.atOnce).toBe(atOnce);
  expect(Buffer.concat(packed).equals(Buffer.concat(await store.pages(ID, pages)))).toBe(true);
});
