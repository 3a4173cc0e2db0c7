import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { USER } from '../stack/options.ts';
import { joinShared, type Shared } from '../stack/shared.ts';

const PAGE = readFileSync('docs/switch-over.md', 'utf8');
const blocksOf = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);
const [byKey = '', byLogin = '', compare = ''] = blocksOf('ts');
const [byKeyInPython = '', byLoginInPython = ''] = blocksOf('python');
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('The clients in Python are not run: there is no python3.');

const directory = mkdtempSync(join(tmpdir(), 'switch-over-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let running: Shared;
let key: string;
let anycheck: { readonly ANYCHECK_URL: string; readonly ANYCHECK_API_KEY: string };
let service: typeof anycheck;
beforeAll(async () => {
  running = await joinShared();
  const created = await running.call('/api-keys', {
    method: 'POST',
    headers: { authorization: `Bearer ${running.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'switch-over', role: 'viewer' }),
  });
  key = z.object({ key: z.string() }).parse(await created.json()).key;
  anycheck = { ANYCHECK_URL: running.stack.sandboxUrl, ANYCHECK_API_KEY: running.stack.apiKey };
  service = { ANYCHECK_URL: `${running.stack.url}/key`, ANYCHECK_API_KEY: key };
});

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a client of the page until it ends. */
async function run([command = '', ...args]: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(command, args, { env: { PATH: process.env.PATH, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const status = await new Promise<number | null>((resolve) => void child.once('close', resolve));
  return { status, output: output.trim() };
}
const node = (code: string) => [process.execPath, '--input-type=module-typescript', '-e', code];
const python = (code: string) => ['python3', '-c', code];

/** A group of items, each with numbers that a client can misread. */
async function group(count: number): Promise<string> {
  const id = randomUUID();
  const items = Array.from(
    { length: count },
    (_, i) => `{"id":"item-${i}","status":"COMPLETED","n":${i}.5,"s":"Rp é"}`,
  );
  await running.setGroup(id, `{"overall_status":"COMPLETED","items":[${items}]}`);
  return id;
}

describe.each([
  ['in TypeScript', node(byKey), true],
  ['in Python', python(byKeyInPython), hasPython],
] as const)('the client with a key %s', (_, client, isRunnable) => {
  describe.runIf(isRunnable)('against AnyCheck and against the service', () => {
    it('reads the same 250 items', async () => {
      const RESULT_ID = await group(250);
      const before = await run(client, { ...anycheck, RESULT_ID });
      expect(before.status).toBe(0);
      expect(JSON.parse(before.output).items).toHaveLength(250);
      expect(await run(client, { ...service, RESULT_ID })).toEqual(before);
    });

    it.each([
      ['a wrong key', { ANYCHECK_API_KEY: 'wrong' }, '401 INVALID_API_KEY: '],
      ['an unknown group', { RESULT_ID: randomUUID() }, '404 NOT_FOUND: '],
      ['a group that is no UUID', { RESULT_ID: 'x' }, '400 INVALID_ID: '],
    ])('prints the same error for %s', async (_what, wrong, error) => {
      const RESULT_ID = await group(1);
      const ended = await Promise.all([anycheck, service].map((at) => run(client, { ...at, RESULT_ID, ...wrong })));
      for (const { status, output } of ended) {
        expect(status).toBe(1);
        expect(output).toContain(error);
      }
    });
  });
});

describe.each([
  ['in TypeScript', node(byLogin), true],
  ['in Python', python(byLoginInPython), hasPython],
] as const)('the client with a login %s', (_, client, isRunnable) => {
  const credentials = { ANYCHECK_EMAIL: USER.email, ANYCHECK_PASSWORD: USER.password };
  it.runIf(isRunnable)('reads a page, and prints both shapes of errors', async () => {
    const at = { ANYCHECK_URL: running.stack.url, ...credentials };
    const read = await run(client, { ...at, RESULT_ID: await group(3) });
    expect(read.status).toBe(0);
    expect(JSON.parse(read.output)).toMatchObject({ total: 3, items: [{ id: 'item-0' }, {}, {}] });
    const unknown = await run(client, { ...at, RESULT_ID: randomUUID() });
    expect(unknown).toMatchObject({ status: 1, output: expect.stringContaining('404 NOT_FOUND: ') });
    const refused = await run(client, { ...at, ANYCHECK_PASSWORD: 'wrong', RESULT_ID: randomUUID() });
    expect(refused).toMatchObject({ status: 1, output: expect.stringContaining('401 INVALID_CREDENTIALS: ') });
  });
});

it('the comparison finds the groups in which AnyCheck and the service differ, and goes on after one that fails', async () => {
  const [same, other, unknown] = [await group(3), await group(120), randomUUID()];
  const IDS = join(directory, 'ids.txt');
  const both = { ...anycheck, API_URL: running.stack.url, API_KEY: key, IDS };
  writeFileSync(IDS, `${same}\n${other}\n`);
  const alike = await run(node(compare), both);
  expect(alike).toEqual({ status: 0, output: '2 groups are the same, 0 differ, 0 failed' });
  // The group changes, and the service answers with the snapshot that it has.
  await running.setGroup(other, '{"overall_status":"FAILED","items":[{"id":"b","status":"FAILED"}]}');
  writeFileSync(IDS, `${unknown}\n${other}\n${same}\n`);
  const cached = compare.replace(", headers: { 'cache-control': 'no-cache' }", '');
  expect(cached).not.toBe(compare);
  const { status, output } = await run(node(cached), both);
  expect(output.split('\n')).toEqual([
    expect.stringMatching(`^${unknown} failed: .* answered 404 NOT_FOUND: `),
    `${other} differs: FAILED, 1 items; here COMPLETED, 120 items`,
    '1 groups are the same, 1 differ, 1 failed',
  ]);
  expect(status).toBe(1);
});
