import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, failureOf } from '../stack/calls.ts';
import { type Running, startRunning } from '../stack/running.ts';

let running: Running;
beforeAll(async () => {
  running = await startRunning();
});
afterAll(() => running?.stop());

function hold(status: string, resultId: string = randomUUID()): string {
  const group = `{"overall_status":"${status}","items":[{"id":"a","status":"${status}"}]}`;
  running.sandbox.controls.setGroup(resultId, group);
  return resultId;
}
const versionOf = async (id: string) =>
  Number((await running.list(`result_id=${id}`)).headers.get('x-snapshot-version'));

describe('a group that changes at AnyCheck', () => {
  it('and without readers is refreshed by the schedule alone', async () => {
    const id = hold('IN_QUEUE');
    expect(await versionOf(id)).toBe(1);
    hold('COMPLETED', id);
    running.sandbox.controls.clearCalls();
    const upstreamCalls = () => running.sandbox.controls.calls().calls.filter(({ path }) => path.includes(id)).length;
    await eventually(
      async () => upstreamCalls(),
      (calls) => calls > 0,
      25_000,
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    const response = await running.list(`result_id=${id}`);
    expect(response.headers.get('x-snapshot-version')).toBe('2');
    expect(await response.json()).toMatchObject({ overall_status: 'COMPLETED' });
    expect(upstreamCalls()).toBe(1);
  });

  it('is seen changed by a reader who reads it again, well before it is due', async () => {
    const id = hold('NEED_REVIEW');
    await versionOf(id);
    await new Promise((resolve) => setTimeout(resolve, 200));
    hold('IN_PROGRESS', id);
    await running.list(`result_id=${id}`, { 'cache-control': 'no-cache' });
    hold('COMPLETED', id);
    const begun = Date.now();
    await eventually(
      () => versionOf(id),
      (version) => version === 3,
    );
    // Fresh for 5 s while active, then one read queues the refresh and the next one sees it.
    expect(Date.now() - begun).toBeLessThan(9_000);
  });

  it('with email and password is fetched through one session', async () => {
    const { email, password } = running.sandbox.credentials;
    await running.restart({ anycheckCredentials: { email, password } });
    running.sandbox.controls.clearCalls();
    const ids = Array.from({ length: 12 }, () => hold('COMPLETED'));
    const answers = await Promise.all(ids.map((id) => running.list(`result_id=${id}`)));
    expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 200));
    expect(running.sandbox.controls.calls().counts['POST /auth/login']).toBe(1);
  });
});

describe('AnyCheck’s credentials', () => {
  it('that are not set yet make reads answer 503 saying so, and work once they are set', async () => {
    running.stack.putSecret('anycheck-credentials', undefined);
    // A function keeps what it read for a minute: a new run has read nothing.
    await running.restart({ anycheckCredentials: { apiKey: 'placeholder' } });
    running.stack.putSecret('anycheck-credentials', undefined);
    const id = hold('COMPLETED');
    const response = await running.list(`result_id=${id}`);
    expect(response.status).toBe(503);
    expect((await failureOf(response)).message).toContain('credentials');
    running.stack.putSecret('anycheck-credentials', JSON.stringify({ api_key: running.sandbox.credentials.apiKey }));
    expect((await running.list(`result_id=${id}`)).status).toBe(200);
  });
});

describe('a second start', () => {
  it('finds its data, and takes the tokens of the first', async () => {
    const id = hold('COMPLETED');
    const before = await (await running.list(`result_id=${id}`)).text();
    running.sandbox.controls.clearCalls();
    await running.restart();
    expect(await (await running.list(`result_id=${id}`)).text()).toBe(before);
    expect(running.sandbox.controls.calls().calls.filter(({ path }) => path.includes(id))).toEqual([]);
  });
});
