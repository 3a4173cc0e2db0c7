import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type NativeAttributeValue, paginateScan } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../functions/adapters/dynamodb/requests/document-client.ts';
import type { Role } from '../../functions/runtime/access/role.ts';
import { CREDENTIALS, REGION } from '../../lib/local/names.ts';
import { quantile, type Table } from '../bench/table.ts';
import { type Local, startStack } from './local.ts';

/** Parallel calls of the abuser. */
const AT_ONCE = 16;
/** ms between two first reads by another caller. */
const EVERY = 500;

interface Attack {
  readonly name: string;
  readonly role: Role;
  readonly call: (local: Local, token: string) => Promise<Response>;
}

const ATTACKS: readonly Attack[] = [
  { name: 'no abuse', role: 'viewer', call: () => sleep(1_000, Response.error()) },
  { name: 'a viewer reads random ids', role: 'viewer', call: ({ url }, token) => read(url, token, randomUUID()) },
  {
    name: 'the same, AnyCheck answering with empty lists',
    role: 'viewer',
    call: ({ url, sandbox }, token) => {
      const id = randomUUID();
      sandbox.controls.setGroup(id, '{"items":[]}');
      return read(url, token, id);
    },
  },
  {
    name: 'an operator tracks random ids, 100 a call',
    role: 'operator',
    call: ({ url }, token) =>
      fetch(`${url}/groups`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ result_ids: Array.from({ length: 100 }, () => randomUUID()) }),
      }),
  },
];

const read = (url: string, token: string, id: string) =>
  fetch(`${url}/verifications?result_id=${id}`, { headers: { authorization: `Bearer ${token}` } });

/**
 * The effect of one caller's random ids on AnyCheck, on the table and on other callers.
 * @param seconds of each attack.
 */
export async function abuse(assembly: string, seconds: number): Promise<Table> {
  const rows = [];
  for (const attack of ATTACKS) {
    const local = await startStack(assembly);
    try {
      rows.push(await suffered(local, attack, seconds));
    } finally {
      await local.stop();
    }
  }
  return {
    title: 'Random ids from one caller',
    notes: [
      `${seconds} s each, ${AT_ONCE} calls in parallel. Another caller reads a new group every ${EVERY / 1000} s.`,
      'AnyCheck allows 300 calls a minute: 5 a second.',
    ],
    columns: [
      'attack',
      'calls a second',
      'answers',
      'AnyCheck calls for random ids a second',
      'rows left',
      'others’ first reads answered',
      'p50, ms',
    ],
    rows,
  };
}

async function suffered(local: Local, { name, role, call }: Attack, seconds: number): Promise<(string | number)[]> {
  const { url, sandbox } = local;
  const [abuser, other] = [await local.login(role), await local.login('viewer')];
  const until = Date.now() + seconds * 1000;
  const answers = new Map<number, number>();
  const abusing = Array.from({ length: AT_ONCE }, async () => {
    while (Date.now() < until) {
      const { status } = await call(local, abuser);
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
  });
  const real = new Set<string>();
  const took: number[] = [];
  let served = 0;
  const reads: Promise<void>[] = [];
  while (Date.now() < until) {
    const id = randomUUID();
    real.add(id);
    sandbox.controls.setGroup(id, '{"items":[{"id":"a","status":"COMPLETED"}]}');
    const began = performance.now();
    reads.push(
      read(url, other, id).then(({ ok }) => {
        took.push(performance.now() - began);
        served += ok ? 1 : 0;
      }),
    );
    await sleep(EVERY);
  }
  await Promise.all([...abusing, ...reads]);
  const upstreamReads = sandbox.controls
    .calls()
    .calls.filter(({ path }) => !real.has(new URL(path, url).searchParams.get('result_id') ?? ''));
  const left = (await groupsIn(local)).filter((id) => !real.has(id)).length;
  answers.delete(0);
  const calls = [...answers.values()].reduce((sum, count) => sum + count, 0);
  return [
    name,
    (calls / seconds).toFixed(1),
    [...answers].map(([status, count]) => `${count} × ${status}`).join(', ') || '-',
    (upstreamReads.length / seconds).toFixed(1),
    left,
    `${served} of ${real.size}`,
    quantile(took, 0.5).toFixed(0),
  ];
}

/** The ids of the groups that have rows. */
async function groupsIn({ dynamodbEndpoint: endpoint, tableName: TableName }: Local): Promise<string[]> {
  const client = documentClient(3, 5_000, { endpoint, region: REGION, credentials: CREDENTIALS });
  const ids = new Set<string>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
    for (const { pk } of Items) if (isGroup(pk)) ids.add(pk.slice(GROUP.length));
  }
  client.destroy();
  return [...ids];
}
const GROUP = 'group#';
const isGroup = (pk: NativeAttributeValue): pk is string => typeof pk === 'string' && pk.startsWith(GROUP);
