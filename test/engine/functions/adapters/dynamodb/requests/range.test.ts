import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstOf, range, withPrefix } from '../../../../../../functions/adapters/dynamodb/requests/range.ts';
import { type Engine, engines } from '../../../../../fakes/engine.ts';

const PK = 'webhook#one';
const SKS = ['a#1', 'b#1', 'b#2', 'b#3', 'c#1'];

describe.for(engines)('a range in $name', { timeout: 60_000 }, ({ available, start }) => {
  let engine: Engine;
  let table: string;
  beforeAll(async () => {
    if (!available) return;
    engine = await start();
    table = await engine.table();
    // Each row is a third of what one request returns.
    const data = new Uint8Array(350_000);
    for (const sk of SKS) await engine.client.send(new PutCommand({ TableName: table, Item: { pk: PK, sk, data } }));
  });
  afterAll(() => engine?.stop());
  const place = () => ({ client: engine.client, table });
  const sks = async (first: string, last: string) => {
    const found: unknown[] = [];
    for await (const { sk } of range(place(), { pk: PK, first, last })) found.push(sk);
    return found;
  };

  it.runIf(available)('has every row between its bounds, also where that takes several requests', async () => {
    expect(await sks('a', 'd')).toEqual(SKS);
    expect(await sks('b#1', 'b#2')).toEqual(['b#1', 'b#2']);
    expect(await sks('b#2', 'b#2')).toEqual(['b#2']);
  });

  it.runIf(available)('is empty where it ends before it begins', async () => {
    expect(await sks('b#2', 'b#1')).toEqual([]);
    expect(await firstOf(place(), { pk: PK, first: 'd', last: 'a' }, 10)).toEqual([]);
  });

  it.runIf(available)('of a prefix has no row of another prefix, and its first rows in either direction', async () => {
    const ofB = withPrefix(PK, 'b#');
    const names = async (limit: number, isForward: boolean) =>
      (await firstOf(place(), ofB, limit, { ScanIndexForward: isForward })).map(({ sk }) => sk);
    expect(await names(10, true)).toEqual(['b#1', 'b#2', 'b#3']);
    expect(await names(2, true)).toEqual(['b#1', 'b#2']);
    expect(await names(2, false)).toEqual(['b#3', 'b#2']);
  });
});
