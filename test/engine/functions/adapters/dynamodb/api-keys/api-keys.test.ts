import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiKeys } from '../../../../../../functions/adapters/dynamodb/api-keys/api-keys.ts';
import { keyList } from '../../../../../../functions/adapters/dynamodb/api-keys/key-list.ts';
import { keyReader } from '../../../../../../functions/adapters/dynamodb/api-keys/key-reader.ts';
import { apiKeyRow } from '../../../../../../functions/adapters/dynamodb/api-keys/key-row.ts';
import { API_KEY_USES } from '../../../../../../functions/adapters/dynamodb/layout/keys.ts';
import { DAY_MS } from '../../../../../../functions/domain/api-keys/api-key.ts';
import { MAX_KEYS } from '../../../../../../functions/domain/api-keys/key-refusals.ts';
import { type Engine, engines, losingAnswers, rowsOf } from '../../../../../fakes/engine.ts';
import { apiKey } from '../../../../../fakes/key-store.ts';

const NOON = Date.UTC(2026, 10, 29, 12);
const ID = '8f14e45fceea167a';
const OTHER = 'c9f0f895fb98ab91';

describe.each(engines.filter(({ available }) => available))('API keys on $name', ({ start }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine?.stop());

  const clock = { now: NOON };

  async function store({ isLosing = false } = {}) {
    const { client } = engine;
    const table = await engine.table();
    const place = { client: isLosing ? losingAnswers(client) : client, table };
    return {
      keys: apiKeys({ ...place, now: () => clock.now }),
      list: keyList(place),
      reader: keyReader(place),
      rows: () => rowsOf(client, table),
      table,
    };
  }

  it('returns a key as it was created, to those who manage keys, who check them and who count them', async () => {
    const { keys, list, reader } = await store();
    const key = apiKey({
      secrets: [
        { hash: 'a', until: undefined },
        { hash: 'b', until: 5 },
      ],
    });
    expect(await keys.create(key)).toBe(true);
    expect(await keys.get(ID)).toEqual(key);
    expect(await reader.find(ID)).toEqual(key);
    expect(await list.all()).toEqual([key]);
    expect(await keys.list()).toEqual([{ key, lastUsedOn: undefined }]);
    expect([await keys.get(OTHER), await reader.find(OTHER)]).toEqual([undefined, undefined]);
  });

  it('reads a key strongly consistently for those who check it, so that a new one is found and a revoked one is not', async () => {
    const { reader } = await store();
    const send = vi.spyOn(engine.client, 'send');
    await reader.find(ID);
    expect(send.mock.calls.map(([{ input }]) => input)).toMatchObject([{ ConsistentRead: true }]);
    send.mockRestore();
  });

  it('keeps the first of two keys with an id', async () => {
    const { keys } = await store();
    expect([await keys.create(apiKey()), await keys.create(apiKey({ name: 'b' }))]).toEqual([true, false]);
    expect((await keys.get(ID))?.name).toBe('loan-origination');
  });

  it('replaces the revision that was read alone, and no key that is deleted', async () => {
    const { keys } = await store();
    const key = apiKey();
    await keys.create(key);
    const rotated = { at: NOON, by: 'budi' };
    expect(await keys.replace({ ...key, rotated, lifetimeDays: 7 })).toBe(true);
    expect(await keys.get(ID)).toMatchObject({ rotated, lifetimeDays: 7, revision: 2 });
    expect(await keys.replace({ ...key, lifetimeDays: 8 })).toBe(false);
    expect([await keys.delete(ID), await keys.delete(ID)]).toEqual([true, false]);
    expect(await keys.replace({ ...key, revision: 2 })).toBe(false);
    expect(await keys.list()).toEqual([]);
  });

  it('creates and replaces a key once where the answer of a write is lost', async () => {
    const { keys } = await store({ isLosing: true });
    expect(await keys.create(apiKey())).toBe(true);
    expect(await keys.replace(apiKey())).toBe(true);
    expect((await keys.get(ID))?.revision).toBe(2);
  });

  it('stores the day of the last use, and no earlier one after it', async () => {
    const { keys, reader } = await store();
    await keys.create(apiKey());
    await keys.create(apiKey({ id: OTHER }));
    for (const at of [NOON, NOON + 1, NOON + DAY_MS, NOON]) await reader.used(ID, at);
    const days = (await keys.list()).map(({ key, lastUsedOn }) => [key.id, lastUsedOn]);
    expect(Object.fromEntries(days)).toEqual({ [ID]: '2026-11-30', [OTHER]: undefined });
  });

  it('writes a use beside the keys, so that it changes none of them', async () => {
    const { keys, reader, rows } = await store();
    await reader.used(ID, NOON);
    expect(await keys.list()).toEqual([]);
    expect(await rows()).toMatchObject([{ pk: API_KEY_USES, sk: ID, used_on: '2026-11-29' }]);
  });

  it('expires the row of a key 30 days after its end', async () => {
    const { keys, rows } = await store();
    const key = apiKey();
    await keys.create(key);
    expect(await rows()).toMatchObject([{ expires: (key.expiresAt + 30 * DAY_MS) / 1_000 }]);
  });

  it('lists no key from 30 days after its end, although its row is still there', async () => {
    const { keys, rows } = await store();
    const key = apiKey();
    await keys.create(key);
    clock.now = key.expiresAt + 30 * DAY_MS - 1;
    expect(await keys.list()).toHaveLength(1);
    clock.now += 1;
    expect([await keys.list(), (await rows()).length]).toEqual([[], 1]);
    clock.now = NOON;
  });

  it('lists as many keys as there can be, however long their names are', async () => {
    const { list, table } = await store();
    // Over 1 MB, which is more than one query returns.
    const name = 'x'.repeat(6_000);
    for (let n = 0; n < MAX_KEYS; n++) {
      const Item = apiKeyRow(apiKey({ id: n.toString(16).padStart(16, '0'), name }));
      await engine.client.send(new PutCommand({ TableName: table, Item }));
    }
    expect(await list.all()).toHaveLength(MAX_KEYS);
  });
});
