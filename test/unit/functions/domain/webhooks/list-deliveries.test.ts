import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DELIVERY_STATUSES } from '../../../../../functions/domain/webhooks/delivery.ts';
import { listDeliveries } from '../../../../../functions/domain/webhooks/list-deliveries.ts';
import { deliveryAt, webhookStore } from '../../../../fakes/webhook-store.ts';

const NOW = 1_800_000_000_000;
const GROUPS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
const ENDPOINT = 'we_1';

const Deliveries = fc.array(
  fc.record({
    agoMs: fc.constantFrom(0, 0, 1, 5, 1_000),
    status: fc.constantFrom(...DELIVERY_STATUSES),
    resultId: fc.constantFrom(...GROUPS),
    isErased: fc.boolean(),
  }),
  { maxLength: 60 },
);
const Filter = fc.record({
  status: fc.option(fc.constantFrom(...DELIVERY_STATUSES), { nil: undefined }),
  resultId: fc.option(fc.constantFrom(...GROUPS), { nil: undefined }),
});

it('returns every delivery that matches exactly once, newest first, whatever the filter and the limit', async () => {
  const property = fc.asyncProperty(
    Deliveries,
    Filter,
    fc.integer({ min: 1, max: 12 }),
    async (drawn, filter, limit) => {
      const store = webhookStore();
      let atMs = NOW;
      const all = drawn.map(({ agoMs, status, resultId, isErased }, n) => {
        atMs -= agoMs;
        const one = deliveryAt(atMs, drawn.length - n, { status, resultId });
        if (isErased) store.erased.add(one.eventId);
        return { ...one, shown: isErased && status === 'pending' ? ('cancelled' as const) : status };
      });
      store.deliveries(ENDPOINT, all);
      const ids: string[] = [];
      let before: string | undefined;
      for (let pages = 0; pages === 0 || before !== undefined; pages++) {
        expect(pages).toBeLessThanOrEqual(drawn.length);
        const page = await listDeliveries(store.log, ENDPOINT, filter, { before, limit, now: NOW });
        expect(page.found.length).toBeLessThanOrEqual(limit);
        ids.push(...page.found.map(({ id }) => id));
        before = page.next;
      }
      const matching = all.filter(
        (one) =>
          (filter.status === undefined || one.shown === filter.status) &&
          (filter.resultId === undefined || one.resultId === filter.resultId),
      );
      expect(ids).toEqual(matching.map(({ id }) => id));
    },
  );
  await fc.assert(property, { numRuns: 500 });
});
