import { expect, it, vi } from 'vitest';
import { metrics } from '../../../../../functions/runtime/middleware/metrics.ts';
import { through } from './around.ts';

it('what was counted is reported once for each call: after its answer, or its error, which both stay as they are', async () => {
  const report = vi.fn(() => {});
  const answer = { statusCode: 200 };
  expect(await through([metrics(report)], async () => answer)).toBe(answer);
  expect(report).toHaveBeenCalledTimes(1);
  const fault = new Error('404');
  await expect(through([metrics(report)], () => Promise.reject(fault))).rejects.toBe(fault);
  expect(report).toHaveBeenCalledTimes(2);
});
