import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { documentClient } from '../../functions/adapters/document-client.ts';
import { snapshotStore } from '../../functions/adapters/snapshot-store.ts';
import { type LocalStack, startLocal } from '../../lib/local/main.ts';
import { type Sandbox, startSandbox } from '../../lib/local/sandbox/server.ts';
import { synthesize } from '../../lib/local/synthesize.ts';
import type { Bench } from './table.ts';

/** The whole stack under a backlog, against an AnyCheck that lets in 5 calls a second: how much of its share it uses. */

const GROUPS = 300;
const LIMIT = 5;
const SECONDS = 60;
const READ_EVERY = 3_000;
const USER = { email: 'operator@example.com', password: 'local-password', groups: ['viewer'] };

interface Run {
  readonly share: number;
  readonly announced: boolean;
}

const hold = (sandbox: Sandbox, id: string) =>
  sandbox.controls.setGroup(id, '{"items":[{"id":"a","status":"COMPLETED"}]}');

/** ms until the backlog is due, all at once: no sweep finds a part of it. */
const SEEDING = 5_000;

/** Makes groups known and due, as a first reader who dies does. */
async function seed(stack: LocalStack, ids: readonly string[]): Promise<void> {
  const client = documentClient(3, 5_000, {
    endpoint: stack.dynamodbEndpoint,
    region: 'ap-southeast-3',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const table = stack.outputs.TableName ?? '';
  const store = snapshotStore({ client, table, retentionDays: 1, now: Date.now });
  const due = Date.now() + SEEDING;
  for (const [i, id] of ids.entries()) await store.claim(id, undefined, due + i, due + i);
  if (Date.now() > due) throw new Error('the backlog took longer to write than planned');
}

async function reader(stack: LocalStack, sandbox: Sandbox, until: number) {
  const login = await fetch(`${stack.url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: USER.email, password: USER.password }),
  });
  const { access_token } = z.object({ access_token: z.string() }).parse(await login.json());
  const waits: number[] = [];
  let refused = 0;
  while (Date.now() < until) {
    const id = randomUUID();
    hold(sandbox, id);
    const begun = Date.now();
    const { status } = await fetch(`${stack.url}/verifications?result_id=${id}`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    if (status === 200) waits.push(Date.now() - begun);
    else if (status === 503) refused++;
    else throw new Error(`a reader was answered ${status}`);
    await sleep(Math.max(0, READ_EVERY - (Date.now() - begun)));
  }
  return { waits: waits.sort((a, b) => a - b), refused };
}

async function measure({ share, announced }: Run) {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-'));
  const sandbox = await startSandbox();
  sandbox.controls.setLimits({ limit: LIMIT, window_seconds: 1, announce: announced });
  const assembly = await synthesize({ outdir: join(dataDir, 'cdk.out'), context: { budget_share: share } });
  const stack = await startLocal({
    assembly,
    dataDir,
    anycheckBaseUrl: sandbox.url,
    anycheckCredentials: { apiKey: sandbox.credentials.apiKey },
    user: USER,
  });
  await stack.ready();
  const ids: string[] = Array.from({ length: GROUPS }, () => randomUUID());
  for (const id of ids) hold(sandbox, id);
  await seed(stack, ids);
  const calls = () => sandbox.controls.calls().calls.filter(({ path }) => path.startsWith('/verifications'));
  while (calls().length === 0) await sleep(50);
  const begun = Date.now();
  const read = await reader(stack, sandbox, begun + SECONDS * 1000);
  const inTime = calls().filter(({ at }) => Date.parse(at) <= begun + SECONDS * 1000);
  const refused = inTime.filter(({ status }) => status === 429).length;
  const allowed = LIMIT * SECONDS * (announced ? share : 1);
  // Nobody starves: every group is looked at, in about the order in which it was due.
  const seen = () => new Map(calls().map(({ path }) => [path.match(/result_id=([^&]+)/)?.[1] ?? '', true]));
  while (ids.some((id) => !seen().has(id)) && Date.now() < begun + 300_000) await sleep(500);
  const order = [...seen().keys()].flatMap((id) => (ids.includes(id) ? [ids.indexOf(id)] : []));
  const figures = {
    'calls in 60 s': inTime.length,
    'share used': `${Math.round((100 * inTime.length) / allowed)} %`,
    refused: `${((100 * refused) / inTime.length).toFixed(1)} %`,
    'groups looked at': `${order.length} of ${GROUPS}`,
    'overtaken by at most': Math.max(...order.map((place, i) => i - place)),
    'all after': `${Math.round((Date.now() - begun) / 1000)} s`,
    'unknown group read in': `${read.waits[read.waits.length >> 1]} ms (most ${read.waits.at(-1)})`,
    'answered 503': read.refused,
  };
  await stack.close();
  await sandbox.close();
  await rm(dataDir, { recursive: true, force: true });
  return { limit: announced ? `${LIMIT}/s announced, share ${share}` : `${LIMIT}/s not announced`, figures };
}

const RUNS: readonly Run[] = [
  { share: 0.5, announced: true },
  { share: 1, announced: true },
  { share: 0.5, announced: false },
];

/** The first run alone takes more than two minutes. */
export const bench: Bench = async ({ full }) => {
  const rows: Awaited<ReturnType<typeof measure>>[] = [];
  for (const run of full ? RUNS : RUNS.slice(0, 1)) rows.push(await measure(run));
  return [
    {
      title: `A backlog of ${GROUPS} groups, against an AnyCheck that lets in ${LIMIT} calls a second`,
      notes: [`The whole local stack for ${SECONDS} s, and a reader of unknown groups beside it.`],
      columns: ['', ...rows.map(({ limit }) => limit)],
      rows: Object.keys(rows[0]?.figures ?? {}).map((name) => [
        name,
        ...rows.map(({ figures }) => String(Reflect.get(figures, name))),
      ]),
    },
  ];
};
