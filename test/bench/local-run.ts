import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import * as z from 'zod';
import { itemsOf } from './items.ts';
import { type Live, live } from './live.ts';
import { type Bench, quantile, type Table } from './table.ts';

const ITEMS = 10;
const CLIENTS = [1, 4, 32];
/** ms of a round, and rounds of each. */
const ROUND_MS = 2_000;
const ROUNDS = 5;

interface Door {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** @returns ms that it took. */
function timedRead({ url, headers }: Door, agent: Agent): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    request(url, { headers, agent }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - began);
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    })
      .once('error', reject)
      .end();
  });
}

/** @returns ms of each answer in a round. Each client sends its next request as soon as it has an answer. */
async function round(door: Door, clients: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const until = performance.now() + ROUND_MS;
  const took: number[] = [];
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) took.push(await timedRead(door, agent));
    }),
  );
  agent.destroy();
  return took;
}

/** Creates an API key. @param token of an admin. */
async function newKey(url: string, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'bench', role: 'viewer' });
  const created = await fetch(`${url}/api-keys`, { method: 'POST', headers, body });
  return z.object({ key: z.string() }).parse(await created.json()).key;
}

const SNAPSHOTS = { fresh_seconds: { active: 3600, waiting: 3600, settled: 3600 } };

/** Snapshot hits through the whole local stack, with a token and with an API key, and direct requests to the sandbox. */
export const bench: Bench = () => live(SNAPSHOTS, use, 'admin');

async function use({ stack, sandbox, token }: Live): Promise<readonly Table[]> {
  const id = randomUUID();
  sandbox.controls.setGroup(id, `{"items":[${itemsOf(id, ITEMS).join(',')}]}`);
  sandbox.controls.setLimits({ limit: null });
  const query = `/verifications?result_id=${id}&page_offset=0&page_size=${ITEMS}`;
  const doors: readonly Door[] = [
    { name: 'this service, with a token', url: `${stack.url}${query}`, headers: { authorization: `Bearer ${token}` } },
    {
      name: 'this service, with an API key',
      url: `${stack.url}/key${query}`,
      headers: { 'x-api-key': await newKey(stack.url, token) },
    },
    {
      name: 'the sandbox itself',
      url: `${sandbox.url}${query}`,
      headers: { 'x-api-key': sandbox.credentials.apiKey },
    },
  ];
  const rows: (string | number)[][] = [];
  for (const clients of CLIENTS) {
    const took = new Map<Door, number[]>(doors.map((door) => [door, []]));
    for (const door of doors) await round(door, clients);
    for (let i = 0; i < ROUNDS; i++) for (const door of doors) took.get(door)?.push(...(await round(door, clients)));
    for (const [{ name }, ms] of took) {
      const perSecond = (1000 * ms.length) / (ROUNDS * ROUND_MS);
      const quantiles = [0.5, 0.99].map((part) => quantile(ms, part).toFixed(1));
      rows.push([clients, name, perSecond.toFixed(0), ...quantiles]);
    }
  }
  return [
    {
      title: `${ITEMS} items of a snapshot through \`npm start\``,
      notes: [
        'Client, gateway, functions, database and sandbox share this machine’s processors: the figures describe the local run, not AWS. Rounds ' +
          'of all alternate, over open connections.',
      ],
      columns: ['clients', '', 'answers a second', 'median, ms', '99 %, ms'],
      rows,
    },
  ];
}
