import { expect, test } from 'vitest';
import { KTP, keyed, logIn, rawList, runningSandbox, send } from './caller.ts';

test('calls are counted by route and listed with path, status, fault and time; control calls are not', async () => {
  const sandbox = await runningSandbox();
  await logIn(sandbox);
  await rawList(sandbox, KTP, '&page_size=1');
  await rawList(sandbox, 'nonsense');
  await keyed(sandbox, 'POST', `/verifications/${KTP}/retry`);
  await keyed(sandbox, 'GET', '/elsewhere');
  await send(sandbox, 'POST', '/_sandbox/faults', { body: { kind: 'reset' } });
  await rawList(sandbox, KTP).catch(() => undefined);
  const report: unknown = JSON.parse((await send(sandbox, 'GET', '/_sandbox/calls')).text);
  const call = (method: string, path: string, route: string, status: number | null, fault: string | null = null) => ({
    method,
    path,
    route: route === 'unknown' ? route : `${method} ${route}`,
    status,
    fault,
    at: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect(report).toEqual({
    counts: { 'POST /auth/login': 1, 'GET /verifications': 3, 'POST /verifications/:id/retry': 1, unknown: 1 },
    calls: [
      call('POST', '/auth/login', '/auth/login', 200),
      call('GET', `/verifications?result_id=${KTP}&page_size=1`, '/verifications', 200),
      call('GET', '/verifications?result_id=nonsense', '/verifications', 400),
      call('POST', `/verifications/${KTP}/retry`, '/verifications/:id/retry', 404),
      call('GET', '/elsewhere', 'unknown', 404),
      call('GET', `/verifications?result_id=${KTP}`, '/verifications', null, 'reset'),
    ],
  });
});

test('the count can start again', async () => {
  const sandbox = await runningSandbox();
  await rawList(sandbox, KTP);
  await send(sandbox, 'DELETE', '/_sandbox/calls');
  expect(sandbox.controls.calls()).toEqual({ counts: {}, calls: [] });
});

test('a hang does not keep the sandbox from ending', async () => {
  const sandbox = await runningSandbox();
  sandbox.controls.addFaults({ kind: 'hang' }, { kind: 'delay', delay_ms: 60_000 });
  const calls = [rawList(sandbox, KTP), rawList(sandbox, KTP)].map((call) => call.catch(() => 'ended'));
  while (sandbox.controls.calls().calls.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await sandbox.close();
  expect(await Promise.all(calls)).toEqual(['ended', 'ended']);
});
