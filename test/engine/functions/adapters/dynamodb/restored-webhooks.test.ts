import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventSk, groupKey } from '../../../../../functions/adapters/dynamodb/layout/keys.ts';
import { copyEndpoint } from '../../../../../functions/adapters/dynamodb/restored-webhooks.ts';
import { deliveryId } from '../../../../../functions/domain/webhooks/delivery.ts';
import { type Engine, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { startWebhooks, type Webhooks } from '../../../../fakes/webhooks.ts';
import { fixtures, store } from '../../../../fixtures/webhook-rows/read.ts';
import {
  boxWith,
  DELIVERIES,
  type DeliveryName,
  ENDPOINTS,
  eventOf,
  KEYS,
  SECRETS,
} from '../../../../fixtures/webhook-rows/world.ts';

const { failing, deleted } = ENDPOINTS;
const URL = 'https://hooks.example.com/in?key=7Qm2';

let engine: Engine;
let source: string;
let live: Webhooks;
beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  source = await engine.table();
  await store(engine.client, source, fixtures.at(-1)?.rows ?? []);
  live = await startWebhooks(engine);
});

const copy = (endpointId: string) =>
  copyEndpoint(
    {
      from: { client: engine.client, table: source },
      to: { client: engine.client, table: live.place.table },
      now: live.deps.now,
    },
    endpointId,
  );

/** Stores the event of a delivery, as the restore of its group does. */
async function putEvent(name: DeliveryName): Promise<void> {
  const { eventId, resultId, version, at } = eventOf(name);
  const data = { result_id: resultId, version };
  const body = { id: eventId, type: 'group.redacted', timestamp: new Date(at).toISOString(), data };
  const Item = { pk: groupKey(resultId), sk: eventSk(eventId), v: 1, body: JSON.stringify(body) };
  await engine.client.send(new PutCommand({ TableName: live.place.table, Item }));
}

describe('a restored webhook endpoint', () => {
  it('has its secrets, which open with a keyring that was rotated since', async () => {
    expect(await copy(failing)).toEqual({ kind: 'restored', rows: 9 });
    const found = await live.stores.endpoints.get(failing);
    const box = boxWith(KEYS.new, KEYS.old);
    const opened = found?.endpoint.secrets.map(({ sealed, version }) => box.open(sealed, failing, version));
    expect(await Promise.all(opened ?? [])).toEqual([SECRETS[1], SECRETS[0]]);
    expect(found?.state).toMatchObject({ slots: [], due: live.clock.now });
  });

  it('gets each delivery that was pending at least once more, and none that was delivered or cancelled', async () => {
    for (const name of DELIVERIES) await putEvent(name);
    await copy(failing);
    await live.wait(3 * 3_600_000);
    // The recovery that was under way goes on with the failed one.
    const sent = DELIVERIES.filter((name) => name !== 'delivered' && name !== 'cancelled');
    expect(new Set(live.received.map(({ id }) => id))).toEqual(new Set(sent.map((name) => eventOf(name).eventId)));
    expect(new Set(live.received.map(({ url }) => url))).toEqual(new Set([URL]));
    const pending = (await live.deliveries(failing)).filter(({ status }) => status === 'pending');
    expect(pending).toEqual([]);
  });

  it('keeps what the live table has of it, and a repeated copy changes nothing', async () => {
    await copy(failing);
    await live.stores.deliver.endParked(failing, deliveryId(eventOf('parked')), { status: 'failed' });
    const before = await rowsOf(engine.client, live.place.table);
    expect(await copy(failing)).toMatchObject({ kind: 'unchanged' });
    expect(await rowsOf(engine.client, live.place.table)).toEqual(before);
  });

  it('is refused where the restored table has none, or one that was deleted', async () => {
    for (const id of [deleted, `we_${'x'.repeat(22)}`]) expect(await copy(id)).toMatchObject({ kind: 'refused' });
    expect(await rowsOf(engine.client, live.place.table)).toEqual([]);
  });
});
