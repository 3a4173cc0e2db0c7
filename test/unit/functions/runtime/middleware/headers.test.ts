import { expect, it } from 'vitest';
import { headers } from '../../../../../functions/runtime/middleware/headers.ts';
import { through } from './around.ts';

it('an answer has the request id, and is private JSON unless it says otherwise', async () => {
  expect(await through([headers()], async () => ({ statusCode: 200, body: '{}' }))).toEqual({
    statusCode: 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'private, no-cache',
      'x-request-id': 'the-request',
    },
    body: '{}',
  });
});

it('an answer keeps the headers that it brings along', async () => {
  const own = { 'content-type': 'text/html', 'cache-control': 'public', etag: '"1"' };
  const answer = await through([headers()], async () => ({ statusCode: 200, headers: own, body: '' }));
  expect(answer.headers).toEqual({ ...own, 'x-request-id': 'the-request' });
});

it('an answer without a body has no type', async () => {
  const answer = await through([headers()], async () => ({ statusCode: 304 }));
  expect(answer.headers).not.toHaveProperty('content-type');
});

it('the answer of an error has them, too', async () => {
  const failing = through(
    [headers(), { onError: (call) => void Object.assign(call, { response: { statusCode: 500, body: '{}' } }) }],
    () => Promise.reject(new Error('fault')),
  );
  expect((await failing).headers).toMatchObject({ 'x-request-id': 'the-request', 'content-type': 'application/json' });
});

it('an error that no middleware answers stays an error', async () => {
  const fault = new Error('fault');
  await expect(through([headers()], () => Promise.reject(fault))).rejects.toBe(fault);
});
