import { randomUUID } from 'node:crypto';
import { GroupEvent } from '../../functions/domain/events/event.ts';
import { connectToBuses } from '../../lib/local/events/read-stream.ts';
import { DEFAULT_WEBHOOK_TOKEN } from '../../lib/local/settings.ts';
import { type Live, live } from './live.ts';
import { type Bench, quantile } from './table.ts';

const GROUPS = 20;
const CHANGES = 5;

/** Has a group refreshed: by the worker, or by the read itself. */
type Way = (running: Live, resultId: string) => Promise<Response>;
const WAYS: Readonly<Record<string, Way>> = {
  'a webhook: the worker publishes and announces': ({ stack }, resultId) =>
    fetch(`${stack.url}/webhooks/anycheck/${DEFAULT_WEBHOOK_TOKEN}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ result_id: resultId }),
    }),
  'a read with no-cache publishes, and the worker announces': ({ stack, token }, resultId) =>
    fetch(`${stack.url}/verifications?result_id=${resultId}`, {
      headers: { authorization: `Bearer ${token}`, 'cache-control': 'no-cache' },
    }),
};

/** @returns ms from each publish to its event on the bus. */
async function measured(running: Live, refresh: Way): Promise<number[]> {
  const { sandbox, dataDir } = running;
  const ids = Array.from({ length: GROUPS }, () => randomUUID());
  const hold = (id: string, n: number) =>
    sandbox.controls.setGroup(id, `{"items":[{"id":"${id}","status":"IN_PROGRESS","execution_time":${n}}]}`);
  const { events } = await connectToBuses(dataDir);
  const waiting = new Map<string, Map<number, number>>(ids.map((id) => [id, new Map()]));
  const all = (async () => {
    let left = GROUPS * CHANGES;
    for await (const { acceptedAt, event } of events) {
      const { data, timestamp } = GroupEvent.parse(event.detail);
      const took = waiting.get(data.result_id);
      if (!took || took.has(data.version)) continue;
      took.set(data.version, Date.parse(acceptedAt) - Date.parse(timestamp));
      if (--left === 0) return;
    }
  })();
  await Promise.all(
    ids.map(async (id) => {
      hold(id, 0);
      await WAYS['a read with no-cache publishes, and the worker announces']?.(running, id);
      for (let n = 1; n < CHANGES; n++) {
        hold(id, n);
        const { status } = await refresh(running, id);
        if (status >= 300) throw new Error(`the service answered ${status}`);
        while ((waiting.get(id)?.size ?? 0) <= n) await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }),
  );
  await all;
  return [...waiting.values()].flatMap((took) => [...took.values()].slice(1));
}

/** From a publish to its event on the bus, through the whole local stack. */
export const bench: Bench = () =>
  live({}, async (running) => {
    running.sandbox.controls.setLimits({ limit: null });
    const rows: (string | number)[][] = [];
    for (const [name, way] of Object.entries(WAYS)) {
      const took = await measured(running, way);
      rows.push([name, took.length, ...[0.5, 0.95, 1].map((part) => quantile(took, part).toFixed(0))]);
    }
    return [
      {
        title: 'From a publish to its event on the bus, ms',
        notes: [
          `${GROUPS} groups change one after another on the local run, whose parts share this machine’s processors. EventBridge’s own time is not in it.`,
        ],
        columns: ['', 'events', 'median', '95 %', 'longest'],
        rows,
      },
    ];
  });
