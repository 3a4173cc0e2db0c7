import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { SCHEMA } from '../../../../../../functions/adapters/dynamodb/layout/keys.ts';
import { deliverDueIndex } from '../../../../../../functions/adapters/dynamodb/webhooks/deliver-due-index.ts';
import { deliverStore } from '../../../../../../functions/adapters/dynamodb/webhooks/deliver-store.ts';
import { deliveryLog } from '../../../../../../functions/adapters/dynamodb/webhooks/delivery-log.ts';
import { webhookEndpoints } from '../../../../../../functions/adapters/dynamodb/webhooks/endpoints.ts';
import { deliveryId } from '../../../../../../functions/domain/webhooks/delivery.ts';
import { type Engine, enginesOf } from '../../../../../fakes/engine.ts';
import { fixtures, store } from '../../../../../fixtures/webhook-rows/read.ts';
import {
  boxWith,
  type DeliveryName,
  ENDPOINTS,
  eventOf,
  KEYS,
  NOW,
  SECRETS,
} from '../../../../../fixtures/webhook-rows/world.ts';

const { failing, gone, deleted } = ENDPOINTS;
const HOUR_MS = 3_600_000;
const idOf = (name: DeliveryName) => deliveryId(eventOf(name));

it('there is a fixture of every schema version', () => {
  expect(fixtures.map(({ schema }) => schema)).toEqual(Array.from({ length: SCHEMA }, (_, i) => `schema-${i + 1}`));
});

describe.each(enginesOf(inject('size')).filter(({ available }) => available))('on $name', ({ start }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.stop());

  describe.each(fixtures)('rows of $schema', ({ rows }) => {
    let place: { client: Engine['client']; table: string };
    beforeEach(async () => {
      place = { client: engine.client, table: await engine.table() };
      await store(place.client, place.table, rows);
    });

    it('endpoints are listed without the deleted one, and their changes are still announced', async () => {
      const endpoints = webhookEndpoints(place);
      const listed = await endpoints.list();
      expect(listed.map(({ id }) => id).toSorted()).toEqual([failing, gone]);
      expect(listed.find(({ id }) => id === gone)).toMatchObject({ isEnabled: false, disabledReason: 'GONE' });
      const unannounced = await endpoints.unannounced();
      expect(unannounced.map(({ endpointId, event }) => [endpointId, event.type]).toSorted()).toEqual([
        [deleted, 'webhook_endpoint.deleted'],
        [gone, 'webhook_endpoint.disabled'],
      ]);
    });

    it('signing secrets open with the keyring, also after a rotation of it', async () => {
      const found = await webhookEndpoints(place).get(failing);
      expect(found?.endpoint).toMatchObject({ url: 'https://hooks.example.com/in?key=7Qm2', revision: 3 });
      for (const box of [boxWith(KEYS.old), boxWith(KEYS.new, KEYS.old)]) {
        const opened = found?.endpoint.secrets.map(({ sealed, version }) => box.open(sealed, failing, version));
        expect(await Promise.all(opened ?? [])).toEqual([SECRETS[1], SECRETS[0]]);
      }
    });

    it('the state of an endpoint has its failures, slots, breaker, parked deliveries and recovery', async () => {
      const found = await webhookEndpoints(place).get(failing);
      expect(found?.state).toEqual({
        slots: [{ deliveryId: idOf('begun'), until: NOW + 40_000 }],
        failures: 5,
        failingSince: NOW,
        lastSuccess: NOW - HOUR_MS,
        probeAt: NOW + 10_000,
        failedProbes: 1,
        parkedAt: NOW,
        checkedTo: `dlv_${NOW - HOUR_MS}`,
        recovery: { since: NOW - HOUR_MS, until: NOW, after: undefined },
        due: NOW,
      });
    });

    it('deliveries are listed with their attempts, and a listing continues', async () => {
      const log = deliveryLog(place);
      const first = await log.list(failing, {}, 4);
      const rest = await log.list(failing, { before: first.at(-1)?.id ?? '' }, 10);
      expect([...first, ...rest].map(({ id, status }) => [id, status])).toEqual([
        [idOf('made'), 'pending'],
        [idOf('begun'), 'pending'],
        [idOf('retried'), 'pending'],
        [idOf('parked'), 'pending'],
        [idOf('cancelled'), 'cancelled'],
        [idOf('failed'), 'failed'],
        [idOf('delivered'), 'delivered'],
      ]);
      expect(await log.get(failing, idOf('retried'))).toEqual({
        ...eventOf('retried'),
        id: idOf('retried'),
        status: 'pending',
        cancelReason: undefined,
        attempts: [{ at: NOW - 30_000, answer: 503, durationMs: 12 }],
        attemptCount: 1,
        retriesSince: NOW - 30_000,
        nextAttempt: NOW + HOUR_MS,
        due: NOW + HOUR_MS,
      });
      expect(await log.get(failing, idOf('cancelled'))).toMatchObject({ cancelReason: 'ERASED' });
      expect(await log.get(failing, idOf('failed'))).toMatchObject({ attempts: [{ answer: 'CONNECT' }] });
    });

    it('deliveries and upkeeps that are due are found, and so are parked deliveries', async () => {
      const index = deliverDueIndex(place.client, place.table);
      const due = (await index.due(NOW + HOUR_MS, 10)).map(({ endpointId, deliveryId: id }) => [endpointId, id]);
      expect(due.toSorted()).toEqual([
        [deleted, undefined],
        [failing, undefined],
        [failing, idOf('retried')],
        [gone, undefined],
      ]);
      expect(await deliverStore(place).parked(failing, 10)).toEqual([idOf('parked')]);
    });

    it('deliveries go on: one ends, a parked one is released, a lost one becomes due, and a failed one is sent again', async () => {
      const [deliveries, log] = [deliverStore(place), deliveryLog(place)];
      const read = async (name: DeliveryName) => {
        const delivery = await log.get(failing, idOf(name));
        if (!delivery) throw new Error(`no delivery ${name}`);
        return delivery;
      };
      const attempt = { at: NOW, answer: 204, durationMs: 9 };
      expect(await deliveries.finish(failing, await read('begun'), { status: 'delivered', attempt })).toBe(true);
      expect(await deliveries.release(failing, idOf('parked'), NOW, NOW + 1)).toMatchObject({ due: NOW });
      expect(await deliveries.makeDue(failing, await read('made'), NOW)).toBe(true);
      expect(await log.resend(failing, await read('failed'), NOW)).toBe(true);
      const statuses = (await log.list(failing, {}, 10)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 'pending')).toHaveLength(4);
    });
  });
});
