import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { seeded } from '../../../lib/sandbox/fixtures/seeded.ts';
import { type Running, startRunning } from '../stack/running.ts';

const BURSTS = Number(process.env.LOCAL_BURSTS ?? 50);
const DELIVERIES = 12;
/** Bursts at once: each makes up to two refreshes a second. */
const PARALLEL = 5;
/** ms from the last delivery until its state is to be served, on a busy machine too: far less than to the next sweep. */
const IN_TIME_MS = 12_000;

let running: Running;
beforeAll(async () => {
  running = await startRunning({ sweepSeconds: 60 });
  running.sandbox.controls.setLimits({ limit: 60_000, window_seconds: 60 });
});
afterAll(() => running?.stop());

const hold = (resultId: string, n: number, more = '') =>
  running.sandbox.controls.setGroup(
    resultId,
    `{"items":[{"id":"${resultId}","status":"COMPLETED","execution_time":${n}${more}}]}`,
  );
const served = async (resultId: string) =>
  Number(/"execution_time":(\d+)/.exec(await (await running.list(`result_id=${resultId}`)).text())?.[1]);

/** @returns ms from `since` until a state is served; undefined where it is not in time. */
async function servedAfter(resultId: string, n: number, since: number): Promise<number | undefined> {
  while (performance.now() - since < IN_TIME_MS) {
    if ((await served(resultId)) === n) return Math.round(performance.now() - since);
    await sleep(200);
  }
  return undefined;
}

async function burst(seed: string): Promise<number | undefined> {
  const draw = seeded(seed);
  const id = randomUUID();
  hold(id, 0);
  await served(id);
  const answers: Promise<Response>[] = [];
  for (let n = 1; n <= DELIVERIES; n++) {
    await sleep(draw.integer(60, 460));
    hold(id, n);
    answers.push(running.deliver({ result_id: id }));
    if (n === DELIVERIES / 2) answers.push(running.list(`result_id=${id}`, { 'cache-control': 'no-cache' }));
  }
  const last = performance.now();
  await Promise.all(answers);
  return servedAfter(id, DELIVERIES, last);
}

describe('a webhook', () => {
  it('of a burst leaves no group late', { timeout: 600_000 }, async () => {
    const times: (number | undefined)[] = [];
    for (let first = 0; first < BURSTS; first += PARALLEL) {
      const some = Array.from({ length: Math.min(PARALLEL, BURSTS - first) }, (_, i) =>
        burst(`local/${inject('seed')}/${first + i}`),
      );
      times.push(...(await Promise.all(some)));
    }
    const late = times.filter((ms) => ms === undefined);
    console.log(`${late.length} of ${BURSTS} bursts were late; the last state was served after ${times} ms`);
    expect(late).toEqual([]);
  });

  it('that comes before the list shows its change has the change served within seconds', async () => {
    const id = randomUUID();
    const hooked = `,"webhook_url":"${running.stack.webhookUrl}"`;
    hold(id, 0, hooked);
    await served(id);
    running.sandbox.controls.setWebhooks({ lead_ms: 3_000 });
    const since = performance.now();
    running.sandbox.controls.setGroup(id, `{"items":[{"id":"${id}","status":"FAILED","execution_time":1${hooked}}]}`);
    const ms = await servedAfter(id, 1, since);
    running.sandbox.controls.setWebhooks({});
    console.log(`a change that the list showed 3 s after its webhook was served after ${ms} ms`);
    expect(ms).toBeGreaterThan(2_900);
  });
});
