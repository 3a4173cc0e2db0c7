import { describe, expect, it } from 'vitest';
import { CallError } from '../../../../../../../functions/console/page/api/call-error.ts';
import type { Client } from '../../../../../../../functions/console/page/api/client.ts';
import { type Tracked, trackBatches } from '../../../../../../../functions/console/page/views/groups/track-batches.ts';

const NONE: Tracked = { done: 0, accepted: 0, known: 0 };
const ids = Array.from({ length: 250 }, (_, i) => `id-${i}`);
const busy = (retryAfterSeconds: number) =>
  new CallError('Busy.', { status: 429, code: 'QUOTA_EXCEEDED', retryAfterSeconds });

/** A service that fails the calls with the given numbers, from 1. */
function service(failures: ReadonlyMap<number, CallError>) {
  const batches: string[][] = [];
  const waits: number[] = [];
  const progress: Tracked[] = [];
  let calls = 0;
  const call = async (_: string, { body }: { body?: unknown }) => {
    const failure = failures.get(++calls);
    if (failure) throw failure;
    const { result_ids } = body as { result_ids: string[] };
    batches.push(result_ids);
    return { body: { accepted: result_ids.slice(1), known: result_ids.slice(0, 1) } };
  };
  const deps = {
    client: { call } as unknown as Client,
    sleep: async (ms: number) => void waits.push(ms),
    onProgress: (tracked: Tracked) => void progress.push(tracked),
  };
  return { deps, batches, waits, progress };
}

describe('tracking a list', () => {
  it('sends batches of 100 in the order of the list, and reports each', async () => {
    const { deps, batches, progress } = service(new Map());
    expect(await trackBatches(deps, ids, NONE)).toEqual({ done: 250, accepted: 247, known: 3 });
    expect(batches.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(batches.flat()).toEqual(ids);
    expect(progress.map(({ done }) => done)).toEqual([100, 200, 250]);
  });

  it('waits for a busy service as long as it demands, and sends the batch again', async () => {
    const { deps, batches, waits } = service(new Map([[2, busy(7)]]));
    await trackBatches(deps, ids, NONE);
    expect(waits).toEqual([7_000]);
    expect(batches.flat()).toEqual(ids);
  });

  it('stops where the quota of the day is spent, and continues after the last batch', async () => {
    const first = service(new Map([[2, busy(40_000)]]));
    await expect(trackBatches(first.deps, ids, NONE)).rejects.toThrow('Busy.');
    expect(first.waits).toEqual([]);
    const from = first.progress.at(-1) ?? NONE;
    expect(from.done).toBe(100);
    const second = service(new Map());
    expect(await trackBatches(second.deps, ids, from)).toEqual({ done: 250, accepted: 247, known: 3 });
    expect(second.batches.flat()).toEqual(ids.slice(100));
  });

  it('gives up a service that stays busy', async () => {
    const { deps, waits } = service(new Map(Array.from({ length: 9 }, (_, i) => [i + 1, busy(1)])));
    await expect(trackBatches(deps, ids, NONE)).rejects.toThrow('Busy.');
    expect(waits).toHaveLength(4);
  });
});
