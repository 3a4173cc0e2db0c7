import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { documentClient } from '../../../functions/adapters/dynamodb/requests/document-client.ts';
import { snapshotStore } from '../../../functions/adapters/dynamodb/snapshot-store.ts';
import { lazy } from '../../../functions/domain/lazy.ts';
import type { LocalStack } from '../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import type { Sandbox } from '../../../lib/sandbox/server.ts';
import { type Live, live } from '../live.ts';

export const GROUPS = 300;
/** Calls a second. */
export const LIMIT = 5;
export const SECONDS = 60;
const READ_EVERY = 3_000;

export interface Run {
  /** The share of the announced limit that the service takes. */
  readonly share: number;
  readonly announced: boolean;
}

export interface Measured {
  /** Calls of the first minute, and those of them that AnyCheck refused. */
  readonly calls: number;
  readonly refused: number;
  /** Calls that the service allows itself in that minute. */
  readonly allowed: number;
  /** The groups in the order of their first refresh, each by its place in the backlog. */
  readonly order: readonly number[];
  /** ms until every group was refreshed. */
  readonly all: number;
  /** ms that a reader of an unknown group waited, the shortest first; and the number of 503 answers. */
  readonly waits: readonly number[];
  readonly answered503: number;
}

/** A group of one verification that is over. */
const hold = (sandbox: Sandbox, id: string) =>
  sandbox.controls.setGroup(id, '{"items":[{"id":"a","status":"COMPLETED"}]}');

/** Groups of one verification each, and AnyCheck's limit for their callers. */
export function heldGroups(sandbox: Sandbox, announce: boolean): string[] {
  sandbox.controls.setLimits({ limit: LIMIT, window_seconds: 1, announce });
  const ids: string[] = Array.from({ length: GROUPS }, () => randomUUID());
  for (const id of ids) hold(sandbox, id);
  return ids;
}

/** ms until the backlog is due, all at once: no sweep finds a part of it. */
const SEEDING = 5_000;

/** Makes groups known and due, as a first reader who dies does. */
async function seed(stack: LocalStack, ids: readonly string[]): Promise<void> {
  const client = documentClient(3, 5_000, {
    endpoint: stack.dynamodbEndpoint,
    region: REGION,
    credentials: CREDENTIALS,
  });
  const table = stack.outputs.TableName ?? '';
  const store = snapshotStore({ client, table, retentionDays: 1, now: Date.now });
  const due = Date.now() + SEEDING;
  for (const [i, id] of ids.entries()) await store.claim(id, undefined, due + i, due + i);
  if (Date.now() > due) throw new Error('the backlog took longer to write than planned');
}

async function readUnknown({ stack, sandbox, token }: Live, until: number) {
  const waits: number[] = [];
  let answered503 = 0;
  while (Date.now() < until) {
    const id = randomUUID();
    hold(sandbox, id);
    const begun = Date.now();
    const { status } = await fetch(`${stack.url}/verifications?result_id=${id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (status === 200) waits.push(Date.now() - begun);
    else if (status === 503) answered503++;
    else throw new Error(`a reader was answered ${status}`);
    await sleep(Math.max(0, READ_EVERY - (Date.now() - begun)));
  }
  return { waits: waits.sort((a, b) => a - b), answered503 };
}

/** The calls for groups that an AnyCheck met, and those it refused, up to a time. */
export function callsUntil(sandbox: Sandbox, until = Number.POSITIVE_INFINITY) {
  const { calls } = sandbox.controls.calls();
  const requests = calls.filter(({ path, at }) => path.startsWith('/verifications') && Date.parse(at) <= until);
  return { requests, refused: requests.filter(({ status }) => status === 429).length };
}

/** The default settings under a limit that AnyCheck announces; measured once for all benches. */
export const usualBacklog = lazy(() => backlogUnder({ share: 0.5, announced: true }));

/** The whole stack under a backlog, and a reader of unknown groups beside it. */
export const backlogUnder = ({ share, announced }: Run): Promise<Measured> =>
  live({ budget_share: share }, async (running) => {
    const { stack, sandbox } = running;
    const ids = heldGroups(sandbox, announced);
    await seed(stack, ids);
    while (callsUntil(sandbox).requests.length === 0) await sleep(50);
    const begun = Date.now();
    const end = begun + SECONDS * 1000;
    const read = await readUnknown(running, end);
    const { requests, refused } = callsUntil(sandbox, end);
    const seen = () =>
      new Set(callsUntil(sandbox).requests.map(({ path }) => path.match(/result_id=([^&]+)/)?.[1] ?? ''));
    while (ids.some((id) => !seen().has(id)) && Date.now() < begun + 300_000) await sleep(500);
    return {
      ...read,
      calls: requests.length,
      refused,
      allowed: LIMIT * SECONDS * (announced ? share : 1),
      order: [...seen()].flatMap((id) => (ids.includes(id) ? [ids.indexOf(id)] : [])),
      all: Date.now() - begun,
    };
  });
