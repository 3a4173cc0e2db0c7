import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { NOTHING } from '../../../functions/route.ts';
import { keyRowsOf } from '../access/key-rows.ts';
import { table } from '../access/role-table.ts';
import { login } from '../stack/calls.ts';
import { type Check, describedBy } from '../stack/described.ts';
import { USER, WEBHOOK_TOKEN } from '../stack/options.ts';
import { type Running, startRunning } from '../stack/running.ts';
import { cursorsLike } from './cursors.ts';
import { faultOf, tabled } from './judge.ts';
import { bytesOf, rightRequest, type Sent } from './requests.ts';
import { TRICKS } from './tricks.ts';
import { type Known, MARK } from './values.ts';
import { exchange } from './wire.ts';

const REQUESTS = inject('size').fuzzRequests;
const SEED = inject('seed');
/** In flight at once. */
const CONCURRENCY = 16;

const idOf = (digit: string) => `${digit.repeat(8)}-aaaa-4aaa-8aaa-aaaaaaaaaaaa`;
/** Groups that may be erased and redacted, one that AnyCheck doesn't know, and one that has to come through unharmed. */
const VICTIMS = ['1', '2', '3'].map(idOf);
const UNKNOWN = idOf('f');
const KEPT = idOf('e');

let running: Running;
let check: Check;
beforeAll(async () => {
  running = await startRunning({ sweepSeconds: 600 });
  check = describedBy(await (await running.call('/openapi.json')).json());
  for (const id of [...VICTIMS, KEPT]) await publishTwice(id);
});
afterAll(() => running?.stop());

/** Nothing listens there. Its query is nowhere to be found. */
const RECEIVER = `http://127.0.0.1:9/?${MARK}`;
const Endpoint = z.looseObject({ id: z.string() });

async function newEndpoint(): Promise<string> {
  const response = await running.call('/webhook-endpoints', {
    method: 'POST',
    headers: { authorization: `Bearer ${running.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: RECEIVER }),
  });
  return Endpoint.parse(await response.json()).id;
}

async function publishTwice(id: string): Promise<void> {
  for (const status of ['IN_PROGRESS', 'COMPLETED']) {
    const items = ['a', 'b', 'c'].map((one) => `{"id":"${one}","result_id":"${id}","status":"${status}"}`);
    running.sandbox.controls.setGroup(id, `{"overall_status":"${status}","items":[${items.join()}]}`);
    expect((await running.list(`result_id=${id}`, { 'cache-control': 'no-cache' })).status).toBe(200);
  }
}

/** Requests of all kinds, made of what the table of routes says. */
async function requests(): Promise<fc.Arbitrary<Sent>> {
  const { access_token, refresh_token } = await login(running.call);
  const endpoints = [await newEndpoint(), await newEndpoint()];
  const known: Known = {
    cursor: await cursorsLike(running, [
      '/groups',
      `/groups/${KEPT}/history`,
      `/webhook-endpoints/${endpoints[0]}/deliveries`,
    ]),
    token: [WEBHOOK_TOKEN],
    email: [USER.email, 'nobody@example.com'],
    password: [USER.password, MARK],
    refresh_token: [refresh_token, MARK],
    url: [RECEIVER, `https://los.example.invalid/?${MARK}`, MARK],
    description: ['', MARK],
    event_type: ['group.settled', 'group.erased', MARK],
    status: ['pending', 'failed', MARK],
    since: [new Date(Date.now() - 60_000).toISOString(), '2026-11-29T00:00:00Z', MARK],
    endpoint_id: [...endpoints, `we_${'a'.repeat(22)}`],
    key_id: ['8f14e45fceea167a', MARK],
    name: ['loan-origination', MARK],
    delivery_id: [`dlv_1700000000000_${'a'.repeat(22)}`],
    'cache-control': ['no-cache', 'max-age=0', 'max-age=60', MARK],
    'if-none-match': ['*', 'W/"1"', MARK],
    'accept-encoding': ['gzip', 'identity', MARK],
  };
  const tokens = [...Array.from({ length: 8 }, () => `Bearer ${access_token}`), access_token, '', 'Bearer x.y.z'];
  const { text } = await keyRowsOf(() => running.stack).add({ role: 'operator' });
  const credentials = { tokens, keys: [...Array.from({ length: 8 }, () => text), '', `${text}0`, MARK] };
  const to = (some: typeof table, kept = [KEPT, KEPT]) =>
    fc.oneof(
      ...some.map((route) => {
        const result_id = route.access === 'admin' ? VICTIMS : [...VICTIMS, ...kept, UNKNOWN];
        return rightRequest(route, credentials, { ...known, result_id });
      }),
    );
  const any = to(table);
  const withBody = fc.oneof({ weight: 3, arbitrary: to(table.filter(({ body }) => body !== NOTHING)) }, any);
  const erasable = to(table, []);
  const tricked = Object.entries(TRICKS).map(([kind, { weight, trick, isOfBodies, mayErase }]) => ({
    weight,
    arbitrary: fc
      .tuple(mayErase ? erasable : isOfBodies ? withBody : any, trick)
      .map(([request, how]) => ({ ...how(request), kind })),
  }));
  return fc.oneof({ weight: 300, arbitrary: any }, ...tricked);
}

it(`${REQUESTS} requests of all kinds are answered as described, and do no harm`, { timeout: 1_200_000 }, async () => {
  console.log(`TEST_SEED=${SEED} FUZZ_REQUESTS=${REQUESTS}`);
  const port = Number(new URL(running.stack.url).port);
  const before = await (await running.list(`result_id=${KEPT}`)).text();
  const counts = new Map<string, Map<string, number>>();
  const faults: string[] = [];
  const tried = async (sent: Sent) => {
    const received = await exchange(port, bytesOf(sent), sent.method, sent.cut).catch(String);
    const statuses = counts.get(sent.kind) ?? new Map<string, number>();
    const status = typeof received === 'string' ? 'none' : String(received?.status ?? 'ended');
    counts.set(sent.kind, statuses.set(status, (statuses.get(status) ?? 0) + 1));
    const fault = typeof received === 'string' ? received : await faultOf(sent, received, check);
    if (fault !== undefined) faults.push(`${fault}\n  ${JSON.stringify(sent).slice(0, 3_000)}`);
  };
  const batches = fc.array(await requests(), { minLength: CONCURRENCY, maxLength: CONCURRENCY });
  const property = fc.asyncProperty(batches, async (batch) => {
    await Promise.all(batch.map(tried));
    return faults.length === 0;
  });
  const began = performance.now();
  // A fault names its request: to make it smaller would take longer than to read it.
  const run = await fc.check(property, { seed: SEED, numRuns: Math.ceil(REQUESTS / CONCURRENCY), endOnFailure: true });
  console.log(`${tabled(counts)}\nin ${Math.round((performance.now() - began) / 1000)} s`);
  expect(faults).toEqual([]);
  if (run.errorInstance) throw run.errorInstance;
  expect(run.numRuns * CONCURRENCY).toBeGreaterThanOrEqual(REQUESTS);

  expect(await (await running.list(`result_id=${KEPT}`)).text()).toBe(before);
  for (const file of Object.values(running.stack.logFiles)) {
    const log = readFileSync(file, 'utf8');
    expect(log.match(/.*(Invoke Error|Init Error|Uncaught|Status: |"status":500).*/)?.[0]).toBeUndefined();
    expect(log).not.toContain(MARK);
  }
});
