import { beforeEach, expect, it, vi } from 'vitest';
import { dailyUse } from '../../../../../functions/domain/api-keys/daily-use.ts';

const MIDNIGHT = Date.UTC(2026, 10, 29);
let at = MIDNIGHT;
const used = vi.fn(async (_id: string, _now: number) => {});
const onFault = vi.fn();
const record = () => dailyUse({ keys: { used }, now: () => at, onFault, timeoutMs: 20 });
beforeEach(() => {
  at = MIDNIGHT;
  used.mockClear();
  onFault.mockClear();
});

it('records one use of each key and day', async () => {
  const use = record();
  for (const id of ['a', 'b', 'a']) await use(id);
  at += 86_399_999;
  await use('a');
  at += 1;
  await use('a');
  expect(used.mock.calls).toEqual([
    ['a', MIDNIGHT],
    ['b', MIDNIGHT],
    ['a', MIDNIGHT + 86_400_000],
  ]);
});

it('reports a failed record, once for its day, and does not fail', async () => {
  const use = record();
  used.mockRejectedValueOnce(new RangeError('no table'));
  await use('a');
  await use('a');
  expect(onFault.mock.calls).toEqual([[new RangeError('no table')]]);
});

it('ends after its time where the table does not answer', async () => {
  used.mockReturnValueOnce(new Promise(() => {}));
  await record()('a');
  expect(onFault).toHaveBeenCalledTimes(1);
});
