import { expect, it, vi } from 'vitest';
import { keyCaller } from '../../../../../functions/runtime/middleware/key-caller.ts';
import { newKey } from '../../../../fakes/api-keys.ts';
import { httpEvent } from '../../../../fakes/http-event.ts';
import { printedLines } from '../../../../fakes/printed.ts';
import { through } from './around.ts';

const lines = printedLines();
const { text, key } = newKey();
const event = httpEvent({ headers: { 'x-api-key': text } });
const check = async () => ({ kind: 'valid', id: key.id, role: 'viewer' }) as const;

it.each([
  ['is answered', async () => ({ statusCode: 200 })],
  ['fails', () => Promise.reject(new Error('fault'))],
])('the use of a key is recorded while the handler works, and complete when a call %s', async (_, answer) => {
  const record = Promise.withResolvers<void>();
  const handler = vi.fn(answer);
  const ended = vi.fn();
  const call = through([keyCaller({ check, used: () => record.promise })], handler, event).then(ended, ended);
  await vi.waitFor(() => expect(handler).toHaveBeenCalled());
  expect(ended).not.toHaveBeenCalled();
  record.resolve();
  await call;
  expect(ended).toHaveBeenCalledTimes(1);
});

it('a refused key is not used, and its call reaches no handler', async () => {
  const [handler, used] = [vi.fn(async () => ({ statusCode: 200 })), vi.fn(async () => {})];
  const refusing = keyCaller({ check: async () => ({ kind: 'unknown' }), used });
  await expect(through([refusing], handler, event)).rejects.toMatchObject({ status: 401 });
  expect(handler).not.toHaveBeenCalled();
  expect(used).not.toHaveBeenCalled();
  expect(lines).toMatchObject([{ event: 'key.refused' }]);
});
