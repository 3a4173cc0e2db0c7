import { expect, test } from 'vitest';
import { handClock, KTP, keyed, logIn, rawList, refusal, runningSandbox, send } from './caller.ts';

const announced = (headers: Headers) =>
  ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));

test('every answer of the list announces limit, remaining calls and reset; refusals do too', async () => {
  const clock = handClock(Date.parse('2026-11-23T08:00:10Z'));
  const sandbox = await runningSandbox({ now: clock.now });
  const reset = `${Date.parse('2026-11-23T08:01:00Z') / 1000}`;
  expect(announced((await rawList(sandbox, KTP)).headers)).toEqual(['600', '599', reset]);
  expect(announced((await rawList(sandbox, 'nonsense')).headers)).toEqual(['600', '598', reset]);
});

test('past the limit there is 429 QUOTA_EXCEEDED with Retry-After, until the window ends', async () => {
  const clock = handClock(Date.parse('2026-11-23T08:00:07.500Z'));
  const sandbox = await runningSandbox({ now: clock.now });
  await send(sandbox, 'PUT', '/_sandbox/limits', { body: { limit: 2, window_seconds: 5 } });
  expect((await rawList(sandbox, KTP)).status).toBe(200);
  expect((await rawList(sandbox, KTP)).status).toBe(200);
  const refused = await rawList(sandbox, KTP);
  expect(refusal(refused)).toMatchObject({ status: 429, error_code: 'QUOTA_EXCEEDED' });
  expect(refused.headers.get('retry-after')).toBe('3');
  expect(announced(refused.headers).slice(0, 2)).toEqual(['2', '0']);
  clock.forward(3);
  expect((await rawList(sandbox, KTP)).status).toBe(200);
});

test('logins and refused credentials are not counted, retries are', async () => {
  const sandbox = await runningSandbox({ now: handClock().now });
  sandbox.controls.setLimits({ limit: 3 });
  await logIn(sandbox);
  await send(sandbox, 'GET', `/verifications?result_id=${KTP}`);
  await keyed(sandbox, 'POST', '/verifications/nonsense/retry');
  expect(announced((await rawList(sandbox, KTP)).headers)[1]).toBe('1');
});

test('a limit can be kept silent, or taken away', async () => {
  const sandbox = await runningSandbox({ now: handClock().now });
  sandbox.controls.setLimits({ limit: 1, announce: false });
  expect(announced((await rawList(sandbox, KTP)).headers)).toEqual([null, null, null]);
  expect((await rawList(sandbox, KTP)).status).toBe(429);
  sandbox.controls.setLimits({ limit: null });
  expect((await rawList(sandbox, KTP)).status).toBe(200);
});

test('a new limit counts anew', async () => {
  const sandbox = await runningSandbox({ now: handClock().now });
  for (const remaining of ['1', '0']) {
    sandbox.controls.setLimits({ limit: Number(remaining) + 1 });
    expect(announced((await rawList(sandbox, KTP)).headers)[1]).toBe(remaining);
  }
});

test('limits that make no sense are refused', async () => {
  const refused = refusal(await send(await runningSandbox(), 'PUT', '/_sandbox/limits', { body: { limit: 'many' } }));
  expect(refused).toMatchObject({ status: 400, error_code: 'INVALID_REQUEST', errors: [{ field: 'limit' }] });
});
