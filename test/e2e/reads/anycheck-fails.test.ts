import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Running, startRunning } from '../stack/running.ts';

let running: Running;
beforeAll(async () => {
  running = await startRunning();
});
afterAll(() => running?.stop());
afterEach(() => running.sandbox.controls.clearFaults());

const item = (id: string) => `{"id":"${id}","status":"COMPLETED"}`;
function hold(items: string[]): string {
  const resultId = randomUUID();
  running.sandbox.controls.setGroup(resultId, `{"overall_status":"COMPLETED","items":[${items.join()}]}`);
  return resultId;
}
const text = async (query: string) => (await running.list(query)).text();

/** ms. A reader that waits for an AnyCheck that hangs is answered later than that. */
const WAIT_MS = 8_000;
/** ms that a busy machine takes in addition. */
const MARGIN_MS = 2_000;

describe('GET /verifications', () => {
  it.each([
    ['refuses our key', { kind: 'bad_key' }],
    ['throttles', { kind: 'status', status: 429, error_code: 'QUOTA_EXCEEDED', headers: { 'retry-after': '33' } }],
    ['fails', { kind: 'status', status: 500 }],
    ['answers nonsense', { kind: 'html_200' }],
    ['hangs', { kind: 'hang' }],
  ])('is 503 with Retry-After within 10 s where AnyCheck %s and nothing is known', async (_, fault) => {
    const id = hold([item('a')]);
    running.sandbox.controls.addFaults({ ...fault, times: 100, result_id: id });
    const begun = Date.now();
    const response = await running.list(`result_id=${id}`);
    expect(Date.now() - begun).toBeLessThan(10_000 + MARGIN_MS);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error_code: 'INTERNAL_SERVER_ERROR' });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    await running.forgive();
  });

  it('serves the snapshot with its true age where AnyCheck fails, never waiting for it on a plain read', async () => {
    const id = hold([item('a')]);
    await text(`result_id=${id}`);
    running.sandbox.controls.addFaults({ kind: 'hang', times: 100, result_id: id });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const begun = Date.now();
    const plain = await running.list(`result_id=${id}`);
    expect(Date.now() - begun).toBeLessThan(WAIT_MS);
    expect(Number(plain.headers.get('age'))).toBeGreaterThan(0);
    running.sandbox.controls.clearFaults();
    running.sandbox.controls.addFaults({ kind: 'status', status: 500, times: 100, result_id: id });
    const forced = await running.list(`result_id=${id}`, { 'cache-control': 'no-cache' });
    expect(forced.status).toBe(200);
    expect(Number(forced.headers.get('x-snapshot-age'))).toBeGreaterThan(0);
  });

  it('answers a plain read at once while many others wait for a hanging AnyCheck', async () => {
    const id = hold([item('a')]);
    await text(`result_id=${id}`);
    const waiting = Array.from({ length: 12 }, () => {
      const unknown = hold([item('b')]);
      running.sandbox.controls.addFaults({ kind: 'hang', times: 100, result_id: unknown });
      return running.list(`result_id=${unknown}`);
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    let ended = 0;
    for (const one of waiting) one.finally(() => ended++);
    expect((await running.list(`result_id=${id}`)).status).toBe(200);
    expect(ended).toBe(0);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(waiting.map(() => 503));
  });
});
