import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { synthesize } from '../../../lib/local/template/synthesize.ts';
import { failureOf, login } from '../stack/calls.ts';
import { type Running, startRunning } from '../stack/running.ts';
import { keyRowsOf } from './key-rows.ts';

const READS = 8;
const GROUPS = 100;
/** Reads that the abuser has under way at once: each may exceed the quota. */
const AT_ONCE = 4;

let directory: string;
let running: Running;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'abuse-'));
  const context = { unknown_reads_per_minute: READS, new_groups_per_day: GROUPS, anycheck_max_rps: 200 };
  running = await startRunning({
    assembly: await synthesize({ outdir: join(directory, 'cdk.out'), context, bundles: inject('bundles') }),
  });
  running.sandbox.controls.setLimits({ limit: null });
});
afterAll(async () => {
  await running?.stop();
  await rm(directory, { recursive: true, force: true });
});

async function newCaller(role: string): Promise<Record<string, string>> {
  const user = { email: `${randomUUID()}@example.com`, password: 'local-password' };
  running.stack.addUser({ ...user, groups: [role] });
  return { authorization: `Bearer ${(await login(running.call, user)).access_token}` };
}
const hold = (id: string = randomUUID()) => {
  running.sandbox.controls.setGroup(id, '{"items":[{"id":"a","status":"COMPLETED"}]}');
  return id;
};
const ids = (count: number) => Array.from({ length: count }, () => randomUUID());
const upstreamReads = () => running.sandbox.controls.calls().counts['GET /verifications'] ?? 0;

/** Seconds until the quotas of a day begin anew. */
const untilMidnight = () => 86_400 - ((Date.now() / 1000) % 86_400);

async function expectRefused(response: Response, window: 'minute' | 'day' = 'minute'): Promise<void> {
  expect(response.status).toBe(429);
  const retryAfter = Number(response.headers.get('retry-after'));
  if (window === 'minute') expect(retryAfter).toBe(60);
  else expect(Math.abs(retryAfter - untilMidnight())).toBeLessThan(10);
  expect(await failureOf(response)).toMatchObject({ error_code: 'QUOTA_EXCEEDED' });
}

describe('a caller that reads random ids', () => {
  it('causes a limited number of AnyCheck calls a minute, whatever it reads, and delays no other caller', async () => {
    const [abuser, other] = [await newCaller('viewer'), await newCaller('viewer')];
    const known = hold();
    expect((await running.list(`result_id=${known}`, abuser)).status).toBe(200);
    const before = upstreamReads();
    const left = ids(5 * READS);
    const answers: Response[] = [];
    const reading = Array.from({ length: AT_ONCE }, async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) {
        const headers = { ...abuser, ...(left.length % 2 === 0 && { 'cache-control': 'no-cache' }) };
        answers.push(await running.list(`result_id=${id}`, headers));
      }
    });
    await Promise.all(reading);
    const refused = answers.filter(({ status }) => status !== 404);
    for (const response of refused) await expectRefused(response);
    // A minute may have ended in between.
    expect(upstreamReads() - before).toBeLessThanOrEqual(2 * (READS + AT_ONCE - 1));
    expect(upstreamReads() - before).toBe(answers.length - refused.length);
    expect((await running.list(`result_id=${known}`, abuser)).status).toBe(200);
    expect((await running.list(`result_id=${hold()}`, other)).status).toBe(200);
  });

  it('is none who reads groups that AnyCheck knows, however many', async () => {
    const reader = await newCaller('viewer');
    for (let i = 0; i < 3 * READS; i++) {
      expect((await running.list(`result_id=${hold()}`, reader)).status).toBe(200);
    }
  });
});

describe('a key', () => {
  it('has a quota of its own, which other keys and its creator do not share', async () => {
    const rows = keyRowsOf(() => running.stack);
    const [abuser, other] = [await rows.add(), await rows.add()];
    const read = (id: string, text: string) =>
      running.call(`/key/verifications?result_id=${id}`, { headers: { 'x-api-key': text } });
    const answers: Response[] = [];
    // A minute may end in between.
    for (const id of ids(2 * READS + 1)) answers.push(await read(id, abuser.text));
    const refused = answers.filter(({ status }) => status !== 404);
    expect(refused.length).toBeGreaterThan(0);
    for (const response of refused) await expectRefused(response);
    expect((await read(randomUUID(), other.text)).status).toBe(404);
    expect((await running.list(`result_id=${randomUUID()}`)).status).toBe(404);
    expect((await read(hold(), other.text)).status).toBe(200);
  });
});

describe('a caller that tracks groups', () => {
  const track = (headers: Record<string, string>, result_ids: readonly string[]) =>
    running.call('/groups', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ result_ids }),
    });

  // A test whose day ends in the middle of it would find a new quota.
  beforeEach(() => sleep(untilMidnight() < 20 ? untilMidnight() * 1000 : 0), 25_000);

  it('has a limited number of new ones a day; of a call beyond that, none is tracked, and known ones cost nothing', async () => {
    const operator = await newCaller('operator');
    const some = ids(GROUPS - 1);
    expect((await track(operator, some)).status).toBe(202);
    const [one = '', two = ''] = ids(2);
    await expectRefused(await track(operator, [one, two]), 'day');
    for (const id of [one, two]) {
      expect((await running.call(`/groups/${id}`, { headers: operator })).status).toBe(404);
    }
    expect((await track(operator, [one])).status).toBe(202);
    await expectRefused(await track(operator, [two]), 'day');
    expect(await (await track(operator, some)).json()).toEqual({ accepted: [], known: some });
    expect((await track(await newCaller('operator'), [two])).status).toBe(202);
  });

  it('and has used up the day leaves nothing behind by reads either, and causes no AnyCheck call for an unknown group', async () => {
    const operator = await newCaller('operator');
    expect((await track(operator, ids(GROUPS))).status).toBe(202);
    const [id = ''] = ids(1);
    running.sandbox.controls.setGroup(id, '{"items":[]}');
    await expectRefused(await running.list(`result_id=${id}`, operator), 'day');
    expect(running.sandbox.controls.calls().calls.filter(({ path }) => path.includes(id))).toEqual([]);
    expect((await running.call(`/groups/${id}`, { headers: operator })).status).toBe(404);
    expect((await running.list(`result_id=${id}`, await newCaller('viewer'))).status).toBe(200);
  });
});
