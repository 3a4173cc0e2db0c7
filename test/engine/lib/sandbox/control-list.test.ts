import { expect, test } from 'vitest';
import * as z from 'zod';
import { refusal, runningSandbox, send, UNKNOWN } from './caller.ts';

const Listed = z.array(
  z.strictObject({ method: z.string(), path: z.string(), about: z.string().min(5), body: z.unknown().optional() }),
);

const listed = async (sandbox: Parameters<typeof send>[0]) =>
  Listed.parse(JSON.parse((await send(sandbox, 'GET', '/_sandbox')).text));

test('GET /_sandbox lists the control routes, and each accepts the body that it shows', async () => {
  const sandbox = await runningSandbox();
  const routes = await listed(sandbox);
  expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /_sandbox',
    'GET /_sandbox/groups',
    'PUT /_sandbox/groups/:result_id',
    'DELETE /_sandbox/groups/:result_id',
    'GET /_sandbox/faults',
    'POST /_sandbox/faults',
    'DELETE /_sandbox/faults',
    'PUT /_sandbox/limits',
    'PUT /_sandbox/webhooks',
    'GET /_sandbox/deliveries',
    'GET /_sandbox/calls',
    'DELETE /_sandbox/calls',
    'DELETE /_sandbox/session',
    'POST /_sandbox/reset',
  ]);
  for (const { method, path, body } of routes) {
    const { status } = await send(sandbox, method, path.replace(':result_id', UNKNOWN), { body });
    expect([method, path, status]).toEqual([method, path, method === 'GET' ? 200 : 204]);
  }
});

test('a body that a route shows has every member that the route knows', async () => {
  const bodies = (await listed(await runningSandbox())).flatMap(({ body }) => (body ? [Object.keys(body)] : []));
  expect(bodies).toEqual([
    ['items', 'overall_status', 'total', 'sign_links'],
    ['kind', 'status', 'times', 'after', 'route', 'pages', 'result_id', 'delay_ms'],
    ['limit', 'window_seconds', 'announce'],
    ['delivery', 'delay_ms'],
  ]);
});

test.each([
  ['GET', '/_sandbox/', undefined, 404],
  ['GET', '/_sandbox/fault', undefined, 404],
  ['PATCH', '/_sandbox/limits', undefined, 404],
  ['PUT', '/_sandbox/limits', { limit: 'many' }, 400],
  ['PUT', '/_sandbox/limits', '{', 400],
  ['POST', '/_sandbox/faults', { kind: 'earthquake' }, 400],
  ['PUT', `/_sandbox/groups/${UNKNOWN}`, { item: [] }, 400],
])('the error of a wrong control request, %s %s %j, names GET /_sandbox', async (method, path, body, status) => {
  const refused = refusal(await send(await runningSandbox(), method, path, { body }));
  expect(refused).toMatchObject({
    status,
    message: expect.stringMatching(/; GET \/_sandbox lists the control routes$/),
  });
});

test('neither a right nor a wrong control request counts as a call to AnyCheck', async () => {
  const sandbox = await runningSandbox();
  await send(sandbox, 'GET', '/_sandbox');
  await send(sandbox, 'GET', '/_sandbox/fault');
  expect(sandbox.controls.calls()).toEqual({ counts: {}, calls: [] });
  const other = refusal(await send(sandbox, 'GET', '/nonsense'));
  expect(other).toMatchObject({ status: 404, message: 'route not found' });
});
