import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { mapLimit } from '../../functions/domain/map-limit.ts';
import { startLocal } from '../../lib/local/main.ts';
import { startSandbox } from '../../lib/sandbox/server.ts';
import type { Table } from '../bench/table.ts';
import { OUTAGE_FAULTS, type OutageFault } from './outage-faults.ts';

const GROUPS = 40;
const OUTAGE_MS = 40_000;
/** ms between two reads of a group. */
const READ_INTERVAL_MS = 4_000;
/** ms that the service has to be itself again. */
const RECOVERY_MS = 90_000;
/** Stacks that run side by side. */
const CONCURRENCY = 2;

const USER = { email: 'operator@example.com', password: 'local-password', groups: ['admin'] };
const Tokens = z.object({ access_token: z.string() });
const Health = z.object({
  status: z.string(),
  anycheck: z.object({
    circuit: z.nullable(z.string()),
    reason: z.nullish(z.string()),
    failures: z.nullable(z.number()),
  }),
});

/** What 40 groups that are read and due cost AnyCheck while it sends nothing usable, 5 calls a second being allowed. */
export async function outages(assembly: string, only: string | undefined): Promise<Table> {
  const faults = OUTAGE_FAULTS.filter(({ name }) => only === undefined || name.includes(only));
  const rows = await mapLimit(faults, CONCURRENCY, (fault) => outage(assembly, fault));
  return {
    title: `Calls to AnyCheck while it sends nothing usable, for ${GROUPS} groups that are read and due`,
    notes: [
      `Every group is read with no-cache every ${READ_INTERVAL_MS / 1000} s, on the local run. The outage takes ${OUTAGE_MS / 1000} s; then all groups are listed as before.`,
    ],
    columns: [
      'AnyCheck’s answer',
      'first 10 s',
      'last 10 s',
      'logins',
      'health',
      'circuit',
      'reason',
      'recovered after',
    ],
    rows,
  };
}

async function outage(assembly: string, { name, faults, login }: OutageFault): Promise<Table['rows'][number]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outage-'));
  const sandbox = await startSandbox();
  const { apiKey, email, password } = sandbox.credentials;
  const stack = await startLocal({
    assembly,
    dataDir,
    anycheckBaseUrl: sandbox.url,
    anycheckCredentials: login ? { email, password } : { apiKey },
    sweepSeconds: 1,
    user: USER,
  });
  try {
    await stack.ready();
    const response = await fetch(`${stack.url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(USER),
    });
    const headers = { authorization: `Bearer ${Tokens.parse(await response.json()).access_token}` };
    const { controls } = sandbox;
    controls.setLimits({ limit: null });
    const ids = Array.from({ length: GROUPS }, () => randomUUID());
    for (const id of ids)
      controls.setGroup(id, `{"overall_status":"IN_PROGRESS","items":[{"id":"a-${id}","status":"IN_PROGRESS"}]}`);
    const read = (id: string) =>
      fetch(`${stack.url}/verifications?result_id=${id}`, {
        headers: { ...headers, 'cache-control': 'no-cache' },
      }).then((answer) => answer.text());
    for (const id of ids) await read(id);
    const listed = () =>
      new Set(
        controls.calls().calls.flatMap(({ status, path, fault }) => (status === 200 && fault === null ? [path] : [])),
      );

    // A group is forced once in 15 s.
    await sleep(16_000);
    for (const fault of faults) controls.addFaults({ ...fault, times: 1_000_000 });
    if (login === 'ended') controls.endSession();
    controls.clearCalls();
    const begun = Date.now();
    const ending = new AbortController();
    const readers = ids.map(async (id, i) => {
      await sleep((i * READ_INTERVAL_MS) / GROUPS);
      while (!ending.signal.aborted) {
        await read(id);
        await sleep(READ_INTERVAL_MS, undefined, { signal: ending.signal }).catch(() => {});
      }
    });
    await sleep(OUTAGE_MS);
    const { calls } = controls.calls();
    const health = Health.parse(await (await fetch(`${stack.url}/health/deep`, { headers })).json());
    controls.clearFaults();
    controls.clearCalls();
    const over = Date.now();
    while (listed().size < GROUPS && Date.now() - over < RECOVERY_MS) await sleep(250);
    const recovered =
      listed().size < GROUPS ? `not within ${RECOVERY_MS / 1000} s` : `${Math.round((Date.now() - over) / 1000)} s`;
    ending.abort();
    await Promise.all(readers);
    const within = (from: number, to: number) =>
      calls.filter(({ at }) => Date.parse(at) - begun >= from && Date.parse(at) - begun < to).length;
    const logins = calls.filter(({ path }) => path.startsWith('/auth/login')).length;
    const { circuit, reason = '-' } = health.anycheck;
    return [
      name,
      within(0, 10_000),
      within(30_000, 40_000),
      logins,
      health.status,
      circuit ?? '',
      reason ?? '-',
      recovered,
    ];
  } finally {
    await stack.close();
    await sandbox.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
