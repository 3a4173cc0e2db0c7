import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { verifications } from '../../fakes/anycheck.ts';
import { type Running, startRunning } from '../stack/running.ts';

let running: Running;
beforeAll(async () => {
  running = await startRunning();
});
afterAll(() => running?.stop());
afterEach(() => running.sandbox.controls.clearFaults());

const Listed = z.object({ total: z.number(), items: z.array(z.object({ id: z.string() })) });

function hold(count: number): string {
  const resultId = randomUUID();
  const items = verifications(count).join();
  running.sandbox.controls.setGroup(resultId, `{"overall_status":"COMPLETED","items":[${items}]}`);
  return resultId;
}
const faulty = (resultId: string, fault: { kind: string; [name: string]: unknown }) =>
  running.sandbox.controls.addFaults({ ...fault, times: 10_000, result_id: resultId });
const callsOf = (resultId: string) =>
  running.sandbox.controls.calls().calls.filter(({ path }) => path.includes(resultId));

/** Reads all pages of a group. */
async function listed(resultId: string, headers: Record<string, string> = {}) {
  const ids: string[] = [];
  const versions = new Set<string | null>();
  for (let total = 1; ids.length < total; ) {
    const response = await running.list(`result_id=${resultId}&page_size=100&page_offset=${ids.length}`, headers);
    expect(response.status).toBe(200);
    const page = Listed.parse(await response.json());
    versions.add(response.headers.get('x-snapshot-version'));
    ids.push(...page.items.map(({ id }) => id));
    total = page.total;
  }
  return { ids, versions: [...versions] };
}
const idsOf = (count: number) => Array.from({ length: count }, (_, i) => `item-${i}`);

describe('A list of AnyCheck’s', () => {
  it.each([5, inject('size').shuffledItems])(
    'of %i items in another order at every call is one version, in one order',
    {
      timeout: 90_000,
    },
    async (count) => {
      const id = hold(count);
      faulty(id, { kind: 'shuffle' });
      // 250 items take some 30 calls, of which the rate limiter admits 4 a second. So a reader can receive 503 first.
      for (let attempt = 0; attempt < 3; attempt++) {
        const { status, headers } = await running.list(`result_id=${id}`);
        if (status === 200) break;
        await sleep(Number(headers.get('retry-after')) * 1000);
      }
      const first = await listed(id);
      expect(first.ids.toSorted()).toEqual(idsOf(count).toSorted());
      for (let i = 0; i < 2; i++) {
        await sleep(1_100);
        const { headers } = await running.list(`result_id=${id}`, { 'cache-control': 'no-cache' });
        expect(headers.get('x-snapshot-version')).toBe('1');
      }
      expect(await listed(id)).toEqual(first);
    },
  );

  it('that is capped at 20 items a page is served whole, and then requested by 20', async () => {
    const id = hold(110);
    faulty(id, { kind: 'cap' });
    expect((await listed(id)).ids).toEqual(idsOf(110));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const before = callsOf(id).length;
    await running.list(`result_id=${id}`, { 'cache-control': 'no-cache' });
    const sizes = callsOf(id)
      .slice(before)
      .map(({ path }) => new URLSearchParams(path.split('?')[1]).get('page_size'));
    expect(new Set(sizes)).toEqual(new Set(['20']));
  });

  it('that refuses 100 items a page is served whole', async () => {
    const id = hold(110);
    faulty(id, { kind: 'refuse_size' });
    expect((await listed(id)).ids).toEqual(idsOf(110));
  });

  it('that grows at the front all the time is served as it was at one moment', async () => {
    const id = hold(250);
    faulty(id, { kind: 'grow', since: Date.now(), every_ms: 300, delay_ms: 250 });
    const { ids } = await listed(id);
    expect(ids.slice(-250)).toEqual(idsOf(250));
    expect(new Set(ids).size).toBe(ids.length);
    expect(callsOf(id).length).toBeLessThanOrEqual(14);
  });

  it.each(['empty_page', 'short_page'])('with a later page that lacks items (%s) is not believed', async (kind) => {
    const id = hold(250);
    faulty(id, { kind, pages: 'later' });
    expect((await running.list(`result_id=${id}`)).status).toBe(503);
  });
});
