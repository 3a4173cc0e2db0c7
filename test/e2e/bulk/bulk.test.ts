import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { WRITERS } from '../../../bin/export/format.ts';
import { recordsOf } from '../../../bin/export/records.ts';
import { startProcess } from '../../engine/lib/local/support/process.ts';
import { eventually } from '../stack/calls.ts';
import { USER } from '../stack/options.ts';
import { type Running, startRunning } from '../stack/running.ts';
import { type FaultyProxy, startProxy } from './proxy.ts';

const Group = z.object({
  result_id: z.string(),
  version: z.number().nullable(),
  phase: z.enum(['active', 'waiting', 'settled']),
  overall_status: z.string().nullable(),
  total: z.number().nullable(),
  status_counts: z.record(z.string(), z.number()),
  first_seen: z.string(),
  last_attempt: z.string().nullable(),
  last_change: z.string(),
  last_success: z.string().nullable(),
  last_error: z.null().catch(null),
  failing_since: z.null().catch(null),
  next_refresh: z.string().nullable(),
  redacted: z.boolean(),
});
const Groups = z.object({ items: z.array(Group), next_cursor: z.string().nullable() });
const Version = z.object({
  version: z.number(),
  at: z.string(),
  confirmed_until: z.string(),
  phase: Group.shape.phase,
  overall_status: z.string().nullable(),
  total: z.number(),
  added: z.number(),
  removed: z.number(),
  changed: z.number(),
  transitions: z.array(
    z.object({ verification_id: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
  ),
});
const History = z.object({ items: z.array(Version), next_cursor: z.null() });
const State = z.object({ done: z.number() });
const MINUTES = 60_000;
const FULL_MS = 20 * MINUTES;

const count = inject('size').trackedIds;
const folder = mkdtempSync(join(tmpdir(), 'bulk-'));
/** Groups that AnyCheck has, with two versions. */
const changed = Array.from({ length: 12 }, () => randomUUID());
/** When version 1 of all of them was published, and no version 2. */
let between = '';
let running: Running;
let proxy: FaultyProxy;

const get = async (path: string) =>
  (await running.call(path, { headers: { authorization: `Bearer ${running.token}` } })).json();
const post = (path: string, body: unknown) =>
  running.call(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${running.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const versionOf = async (id: string) => Group.parse(await get(`/groups/${id}`)).version;
/** Sets the status of a verification of each changed group at AnyCheck, and waits for the version that shows it. */
async function publish(status: string, version: number): Promise<void> {
  for (const id of changed) {
    const items = `[{"id":"${id}-a","status":"${status}","output":{"nik":"3171234567890001"}},{"id":"b","status":"COMPLETED"}]`;
    running.sandbox.controls.setGroup(id, `{"items":${items}}`);
    if (version > 1) await post(`/groups/${id}/refresh`, {});
  }
  if (version === 1) await post('/groups', { result_ids: changed });
  for (const id of changed)
    await eventually(
      () => versionOf(id),
      (now) => now === version,
    );
}
/** Every tracked group, the last changed last. */
async function listed() {
  const found: z.infer<typeof Group>[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = Groups.parse(await get(`/groups?order=oldest&limit=100${cursor && `&cursor=${cursor}`}`));
    found.push(...page.items);
    cursor = page.next_cursor;
  }
  return found;
}

beforeAll(async () => {
  // The groups of the list are none of AnyCheck's, and are not refreshed again during the test.
  running = await startRunning({ sweepSeconds: 86_400 });
  running.sandbox.controls.setLimits({ limit: null });
  proxy = await startProxy(() => running.stack.url);
  await publish('IN_PROGRESS', 1);
  between = new Date().toISOString();
  await publish('COMPLETED', 2);
}, 2 * MINUTES);
afterAll(async () => {
  await proxy.close();
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The credentials of a person who logs in, and those of a program. */
const LOGIN = { EMAIL: USER.email, PASSWORD: USER.password };
async function newKey(): Promise<{ readonly API_KEY: string }> {
  const created = await post('/api-keys', { name: 'bulk', role: 'operator' });
  return { API_KEY: z.object({ key: z.string() }).parse(await created.json()).key };
}

function programWith(credentials: Readonly<Record<string, string>>, script: string, ...args: string[]) {
  const started = startProcess(`bin/${script}.ts`, { API_URL: proxy.url, ...credentials }, args);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  return started;
}
const program = (script: string, ...args: string[]) => programWith(LOGIN, script, ...args);
const posts = () => proxy.requests.filter((one) => one === 'POST /groups').length;

describe('npm run track', () => {
  it(`tracks ${count} ids, each once, through lost answers, refusals and a kill, and reports how many were new`, {
    timeout: FULL_MS,
  }, async () => {
    const ids = [...changed, ...Array.from({ length: count - changed.length }, () => randomUUID())];
    const file = join(folder, 'ids.txt');
    const state = `${file}.track-state.json`;
    writeFileSync(file, ['# ids', ...ids.slice(0, 5), 'nonsense', ...ids.slice(5), ids[7]].join('\r\n'));

    // Batch 1 passes, batch 2 is executed without an answer, and the program is killed while batch 3 is executed.
    const killed = program('track', file);
    proxy.breakNext('POST /groups', undefined, 'lost request', 'lost answer', undefined, () =>
      killed.child.kill('SIGKILL'),
    );
    expect((await killed.ended()).status).toBe('SIGKILL');
    expect(State.parse(JSON.parse(readFileSync(state, 'utf8'))).done).toBe(200);
    expect(readFileSync(state, 'utf8')).not.toContain(USER.password);

    const before = posts();
    proxy.breakNext(
      'POST /groups',
      ...Array.from({ length: 3 }, () => ({ status: 429, retryAfter: '1' })),
      { status: 429 },
      'expired token',
      { status: 503, retryAfter: '0' },
      'cut answer',
      { status: 500 },
    );
    const resumed = program('track', file);
    expect((await resumed.ended()).status).toBe(1);
    expect(resumed.said()).toContain(
      [
        `${file}: ${count.toLocaleString('en')} groups of ${(count + 2).toLocaleString('en')} lines with content`,
        `  accepted    ${(count - changed.length).toLocaleString('en')}  tracked from now on`,
        `  known       ${changed.length}  tracked before`,
        '  duplicates  1  lines that repeat an id',
        '  refused     1  lines that hold no UUID',
        'line 7: not a UUID: "nonsense"\n',
      ].join('\n'),
    );
    // The two batches that were done are not sent again.
    expect(posts() - before).toBe(Math.ceil(count / 100) - 2 + 8);
    expect(existsSync(state)).toBe(false);
    expect((await listed()).map(({ result_id }) => result_id).toSorted()).toEqual(ids.toSorted());
  });

  it('stops at a quota that ends too late, says when it ends, and continues the same list alone', async () => {
    const file = join(folder, 'quota.txt');
    const ids = Array.from({ length: 101 }, () => randomUUID());
    writeFileSync(file, ids.join('\n'));
    proxy.breakNext('POST /groups', undefined, { status: 429, retryAfter: '40000' });
    const stopped = program('track', file);
    expect((await stopped.ended()).status).toBe(3);
    expect(stopped.said()).toMatch(
      /^POST \/groups answered 429: Too Many Requests\. Run the same command again after \d{4}-\S+Z\.\n$/m,
    );

    writeFileSync(file, [...ids.slice(1), randomUUID()].join('\n'));
    const other = program('track', file);
    expect((await other.ended()).status).toBe(2);
    expect(other.said()).toMatch(/^The list differs from the one of the state file within its first 100 ids\./);

    writeFileSync(file, ids.join('\n'));
    appendFileSync(file, `\n${randomUUID()}\n`);
    const before = posts();
    const continued = program('track', file);
    expect((await continued.ended()).status).toBe(0);
    expect(continued.said()).toContain('  accepted    102 ');
    expect(posts() - before).toBe(1);
  });

  it('calls the paths below /key with an API key, which is in no file and in no line', async () => {
    const file = join(folder, 'key.txt');
    writeFileSync(file, [randomUUID(), randomUUID()].join('\n'));
    const key = await newKey();
    proxy.breakNext('POST /key/groups', { status: 429, retryAfter: '40000' });
    const stopped = programWith(key, 'track', file);
    expect((await stopped.ended()).status).toBe(3);
    expect(readFileSync(`${file}.track-state.json`, 'utf8')).not.toContain(key.API_KEY);
    const tracked = programWith(key, 'track', file);
    expect((await tracked.ended()).status).toBe(0);
    expect(tracked.said()).toContain('  accepted    2 ');
    expect(stopped.said() + tracked.said()).not.toContain(key.API_KEY);
    const foreign = programWith({ API_KEY: 'a-key-of-anycheck' }, 'track', file);
    expect((await foreign.ended()).status).toBe(2);
    expect(foreign.said()).toContain('401');
  });

  it('refuses a list that cannot be read, with status 2', async () => {
    const refused = program('track', 'missing.txt');
    expect((await refused.ended()).status).toBe(2);
    expect(refused.said()).toMatch(/^missing\.txt cannot be read: ENOENT/);
  });
});

describe('npm run export', () => {
  /** What the API says of a period, as an export would hold it. */
  async function expected(format: 'ndjson' | 'csv', since: string, until: string): Promise<string[]> {
    const isIn = (time: string) => time >= since && time < until;
    const parts: string[] = [];
    for (const group of await listed()) {
      const history = group.version === null ? undefined : await get(`/groups/${group.result_id}/history?limit=100`);
      const items = history === undefined ? [] : History.parse(history).items;
      const versions = items.filter(({ at }) => isIn(at)).toReversed();
      if (versions.length > 0 || isIn(group.last_change)) parts.push(WRITERS[format].lines(recordsOf(group, versions)));
    }
    return parts.join('').split('\n').toSorted();
  }
  const untilOf = (said: string) => / until (\S+Z)\./.exec(said)?.[1] ?? '';

  it.each(['ndjson', 'csv'] as const)(
    'writes what the API says of a period to %s, each record once and whole, also after a kill',
    { timeout: FULL_MS },
    async (format) => {
      const out = join(folder, `export.${format}`);
      const args = ['--since', between, '--format', format, '--out', out];
      const killed = program('export', ...args);
      // On its second page.
      proxy.breakNext('GET /groups?order=oldest&limit=100&cursor=', undefined, () => killed.child.kill('SIGKILL'));
      expect((await killed.ended()).status).toBe('SIGKILL');
      expect(existsSync(out)).toBe(false);
      appendFileSync(`${out}.part`, '{"kind":"group","result_id":"torn');

      const resumed = program('export', ...args);
      expect((await resumed.ended()).status).toBe(0);
      const text = readFileSync(out, 'utf8');
      const { head } = WRITERS[format];
      expect(text.startsWith(head)).toBe(true);
      expect(text.slice(head.length).split('\n').toSorted()).toEqual(
        await expected(format, between, untilOf(resumed.said())),
      );
      // Version 2 of each, and not version 1, which is older.
      expect(text.match(/(?:"kind":"|^)transition\b/gm)).toHaveLength(changed.length);
      expect(text).not.toContain('3171234567890001');
      expect(existsSync(`${out}.part`) || existsSync(`${out}.export-state.json`)).toBe(false);
    },
  );

  it('continues no export with other arguments, and replaces no file', async () => {
    const out = join(folder, 'other.csv');
    const stopped = program('export', '--since', between, '--format', 'csv', '--out', out);
    proxy.breakNext('GET /groups?order=oldest&limit=100&cursor=', undefined, { status: 429, retryAfter: '40000' });
    expect((await stopped.ended()).status).toBe(3);
    const other = program('export', '--since', between, '--out', out);
    expect((await other.ended()).status).toBe(2);
    expect(other.said()).toContain('other.csv.export-state.json belongs to an export with other arguments.');
    writeFileSync(out, '');
    const again = program('export', '--since', between, '--format', 'csv', '--out', out);
    expect((await again.ended()).status).toBe(2);
    expect(again.said()).toBe(`${out} exists. Name another file, or delete it.\n`);
  });
});
