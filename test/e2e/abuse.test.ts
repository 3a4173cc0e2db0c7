import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from '../../lib/local/template/synthesize.ts';
import { eventually, failureOf, login, type Running, startRunning } from './running.ts';

const READS = 8;
const FOLLOWS = 100;

let directory: string;
let running: Running;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'abuse-'));
  const context = { unknown_reads_per_minute: READS, unknown_follows_per_day: FOLLOWS, anycheck_max_rps: 200 };
  running = await startRunning({ assembly: await synthesize({ outdir: join(directory, 'cdk.out'), context }) });
  running.sandbox.controls.setLimits({ limit: null });
});
afterAll(async () => {
  await running?.stop();
  await rm(directory, { recursive: true, force: true });
});

async function somebody(role: string): Promise<Record<string, string>> {
  const user = { email: `${randomUUID()}@example.com`, password: 'local-password' };
  running.stack.addUser({ ...user, groups: [role] });
  return { authorization: `Bearer ${(await login(running.call, user)).access_token}` };
}
const hold = (id: string = randomUUID()) => {
  running.sandbox.controls.setGroup(id, '{"items":[{"id":"a","status":"COMPLETED"}]}');
  return id;
};
const ids = (count: number) => Array.from({ length: count }, () => randomUUID());
const asked = () => running.sandbox.controls.calls().counts['GET /verifications'] ?? 0;

async function expectRefused(response: Response): Promise<void> {
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('60');
  expect(await failureOf(response)).toMatchObject({ error_code: 'QUOTA_EXCEEDED' });
}

describe('somebody who reads random ids', () => {
  it('makes AnyCheck be asked so often in a minute, whatever else is asked for, and nobody else notices', async () => {
    const [abuser, other] = [await somebody('viewer'), await somebody('viewer')];
    const known = hold();
    expect((await running.list(`result_id=${known}`, abuser)).status).toBe(200);
    const before = asked();
    const answers = await Promise.all(
      ids(5 * READS).map((id, i) =>
        running.list(`result_id=${id}`, { ...abuser, ...(i % 2 === 0 && { 'cache-control': 'no-cache' }) }),
      ),
    );
    const refused = answers.filter(({ status }) => status !== 404);
    for (const response of refused) await expectRefused(response);
    // A minute may have ended in between.
    expect(asked() - before).toBeLessThanOrEqual(2 * READS);
    expect(asked() - before).toBe(answers.length - refused.length);
    expect((await running.list(`result_id=${known}`, abuser)).status).toBe(200);
    expect((await running.list(`result_id=${hold()}`, other)).status).toBe(200);
  });

  it('is none who reads groups that AnyCheck knows, however many', async () => {
    const reader = await somebody('viewer');
    for (let i = 0; i < 3 * READS; i++) {
      expect((await running.list(`result_id=${hold()}`, reader)).status).toBe(200);
    }
  });
});

describe('somebody who follows groups', () => {
  const follow = (headers: Record<string, string>, result_ids: readonly string[]) =>
    running.call('/groups', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ result_ids }),
    });

  it('has so many a day that AnyCheck doesn’t know; of a call too many none is followed', async () => {
    const operator = await somebody('operator');
    expect((await follow(operator, ids(FOLLOWS - 1))).status).toBe(202);
    const [one = '', two = ''] = ids(2);
    await expectRefused(await follow(operator, [one, two]));
    for (const id of [one, two]) {
      expect((await running.call(`/groups/${id}`, { headers: operator })).status).toBe(404);
    }
    expect((await follow(operator, [one])).status).toBe(202);
    await expectRefused(await follow(operator, [two]));
    expect((await follow(await somebody('operator'), [two])).status).toBe(202);
  });

  it('and has used up the day leaves nothing behind by reads either, nor asks AnyCheck about what nobody knows', async () => {
    const operator = await somebody('operator');
    expect((await follow(operator, ids(FOLLOWS))).status).toBe(202);
    const [id = ''] = ids(1);
    running.sandbox.controls.setGroup(id, '{"items":[]}');
    await expectRefused(await running.list(`result_id=${id}`, operator));
    expect((await running.call(`/groups/${id}`, { headers: operator })).status).toBe(404);
    expect((await running.list(`result_id=${id}`, await somebody('viewer'))).status).toBe(200);
  });

  it('can follow any number that AnyCheck knows, as fast as they are looked at', { timeout: 120_000 }, async () => {
    const operator = await somebody('operator');
    for (let i = 0; i < 2; i++) {
      const some = ids(FOLLOWS).map((id) => hold(id));
      const response = await eventually(
        () => follow(operator, some),
        ({ status }) => status !== 429,
        60_000,
      );
      expect(await response.json()).toEqual({ accepted: some, known: [] });
    }
  });
});
