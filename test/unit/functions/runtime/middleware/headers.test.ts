import { describe, expect, it } from 'vitest';
import { headers } from '../../../../../functions/runtime/middleware/headers.ts';
import { httpEvent } from '../../../../fakes/http-event.ts';
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

describe('the answer to HEAD', () => {
  const head = httpEvent();
  head.requestContext.http.method = 'HEAD';

  it.each([
    ['text', '{"é":1}', false, '8'],
    ['base64', Buffer.from('{"é":1}').toString('base64'), true, '8'],
  ])('has the headers and no body, here of %s', async (_, body, isBase64Encoded, length) => {
    const answer = async () => ({ statusCode: 200, headers: { etag: '"1"' }, body, isBase64Encoded });
    const got = await through([headers()], answer, httpEvent());
    expect(await through([headers()], answer, head)).toEqual({
      statusCode: 200,
      headers: { ...got.headers, 'content-length': length },
    });
  });

  it('says nothing of a length where GET has no body either', async () => {
    const answer = await through([headers()], async () => ({ statusCode: 304 }), head);
    expect(answer.headers).not.toHaveProperty('content-length');
  });

  it('has no body for an error either', async () => {
    const failing = through(
      [headers(), { onError: (call) => void Object.assign(call, { response: { statusCode: 404, body: '{}' } }) }],
      () => Promise.reject(new Error('fault')),
      head,
    );
    expect(await failing).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/json' } });
    expect(await failing).not.toHaveProperty('body');
  });
});

it('an error that no middleware answers stays an error', async () => {
  const fault = new Error('fault');
  await expect(through([headers()], () => Promise.reject(fault))).rejects.toBe(fault);
});
