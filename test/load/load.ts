import { setTimeout as sleep } from 'node:timers/promises';
import { quantile, type Table } from '../bench/table.ts';
import { behave, type Call, everyVersion, page } from './client.ts';
import { bodyOf, type Judge, judgeOf } from './judge.ts';
import { type Local, startStack } from './local.ts';
import type { Memory } from './messages.ts';
import { applyConditions, UPSTREAM_CONDITIONS } from './upstream-conditions.ts';
import { type Group, startWorld } from './world.ts';

export interface LoadOptions {
  readonly assembly: string;
  readonly seconds: number;
  readonly clients: number;
}

export interface Loaded {
  readonly tables: readonly Table[];
  /** What was wrong, a sentence each. */
  readonly wrong: readonly string[];
  /** Answers of what weather, by status. */
  readonly answers: Readonly<Record<string, Readonly<Record<number, number>>>>;
  /** What functions logged as errors. */
  readonly failures: readonly string[];
  readonly groups: number;
  /** Versions that were read, and changes between them that were compared. */
  readonly versions: number;
  readonly changes: number;
}

/** ms: between two changes of the world, looks at the weather, and readings of memory where the run is short. */
const CHANGE_EVERY = 400;
const CONDITIONS_EVERY_MS = 100;
const MINUTE = 60_000;
/** Seconds that a round of all weathers takes, about; there is one at least. */
const ROUND = 75;
/** ms after AnyCheck is well again in which every group's newest state is to be served to who insists. */
const RECOVERY = 90_000;

/** Clients read groups that change all the time while AnyCheck is slow, fails and flaps; every answer is compared. */
export async function load({ assembly, seconds, clients }: LoadOptions): Promise<Loaded> {
  const local = await startStack(assembly);
  try {
    return await loaded(local, seconds, clients);
  } finally {
    await local.stop();
  }
}

async function loaded(local: Local, seconds: number, clients: number): Promise<Loaded> {
  const { sandbox, url } = local;
  sandbox.controls.setLimits({ limit: null });
  const token = await local.login('viewer');
  const world = startWorld(sandbox);
  const judges = new Map<Group, Judge>(world.groups.map((group) => [group, judgeOf(group)]));
  const calls = new Map(UPSTREAM_CONDITIONS.map(({ name }) => [name, [] as Call[]]));
  const wrong: string[] = [];
  let conditions = UPSTREAM_CONDITIONS[0];
  const target = (group: Group) => ({
    ...{ url, token, group, judge: judges.get(group) ?? judgeOf(group) },
    record(call: Call) {
      calls.get(conditions?.name ?? '')?.push(call);
      if (call.wrong !== undefined)
        wrong.push(`${conditions?.name}, ${group.states[0]?.items.length} items: ${call.wrong}`);
    },
  });
  for (const group of world.groups) await page(target(group), 0, 1);

  const memory: Memory[] = [await local.memory()];
  const began = Date.now();
  const until = began + seconds * 1000;
  const pick = chooser(world.groups);
  const reading = Array.from({ length: clients }, async () => {
    while (Date.now() < until) await behave(target(pick()));
  });
  const every = async (ms: number, act: () => void | Promise<void>) => {
    for (let next = began; next < until; next += ms) {
      await sleep(Math.max(0, next - Date.now()));
      await act();
    }
  };
  const changes = weathersIn(seconds);
  const sample = Math.min(MINUTE, seconds * 250);
  const changing = every(CHANGE_EVERY, () => {
    for (let i = 0; i < (conditions?.changes ?? 1); i++) world.change();
  });
  const blowing = every(CONDITIONS_EVERY_MS, () => {
    const next =
      UPSTREAM_CONDITIONS[Math.floor(((Date.now() - began) / (seconds * 1000)) * changes) % UPSTREAM_CONDITIONS.length];
    if (next) applyConditions(sandbox.controls, next, next !== conditions);
    conditions = next;
  });
  const measuring = every(sample, async () => {
    if (Date.now() - began >= sample / 2) memory.push(await local.memory());
  });
  await Promise.all([...reading, changing, blowing, measuring]);
  sandbox.controls.clearFaults();
  conditions = UPSTREAM_CONDITIONS[0];
  memory.push(await local.memory());
  for (const group of world.groups) {
    if (!(await comesTo(url, token, group))) wrong.push(`${group.id} never came to AnyCheck's newest state`);
    await everyVersion(target(group));
  }
  for (const judge of judges.values()) {
    const verdict = judge.order();
    if (verdict !== undefined) wrong.push(verdict);
  }
  const seen = [...judges.values()].map((judge) => judge.seen);
  return {
    tables: [callsTable(calls, seconds, clients), memoryTable(memory, sample / MINUTE)],
    wrong,
    failures: local.failures(),
    groups: world.groups.length,
    answers: Object.fromEntries([...calls].map(([name, all]) => [name, byStatus(all)])),
    versions: seen.reduce((sum, { versions }) => sum + versions, 0),
    changes: seen.reduce((sum, { changes }) => sum + changes, 0),
  };
}

/** Draws groups as often as their pace says. */
function chooser(groups: readonly Group[]): () => Group {
  const often = groups.flatMap((group) => Array<Group>(Math.ceil(group.pace * 10)).fill(group));
  return () => {
    const found = often[Math.floor(Math.random() * often.length)];
    if (!found) throw new Error('there are groups');
    return found;
  };
}

/** Whether the newest state is served before long. Who insists doesn't wait until a group that failed often is tried again. */
async function comesTo(url: string, token: string, group: Group): Promise<boolean> {
  const last = group.states.at(-1);
  const until = Date.now() + RECOVERY;
  while (last && Date.now() < until) {
    const response = await fetch(`${url}/verifications?result_id=${group.id}&page_size=5`, {
      headers: { authorization: `Bearer ${token}`, 'cache-control': 'no-cache' },
    });
    if ((await response.text()) === bodyOf(last, 0, 5)) return true;
    await sleep(500);
  }
  return false;
}

const byStatus = (calls: readonly Call[]): Record<number, number> => {
  const found: Record<number, number> = {};
  for (const { status } of calls) found[status] = (found[status] ?? 0) + 1;
  return found;
};

const weathersIn = (seconds: number) => Math.max(1, Math.round(seconds / ROUND)) * UPSTREAM_CONDITIONS.length;

const GOOD = [200, 304];

function callsTable(calls: ReadonlyMap<string, readonly Call[]>, seconds: number, clients: number): Table {
  const all = [...calls.values()].flat();
  return {
    title: 'Reads while AnyCheck changes',
    notes: [`${clients} clients at once for ${seconds} s, AnyCheck's weather changing ${weathersIn(seconds)} times.`],
    columns: ['AnyCheck is', 'requests', 'wrong', 'errors by status', 'errors, %', 'p50, ms', 'p99, ms'],
    rows: [...calls, ['all', all] as const].map(([name, some]) => {
      const errors = Object.entries(byStatus(some)).filter(([status]) => !GOOD.includes(Number(status)));
      const count = errors.reduce((sum, [, one]) => sum + one, 0);
      const took = some.map((call) => call.took);
      return [
        name,
        some.length,
        some.filter((call) => call.wrong !== undefined).length,
        errors.map(([status, one]) => `${one} × ${status}`).join(', ') || 'none',
        ((100 * count) / Math.max(1, some.length)).toFixed(2),
        quantile(took, 0.5).toFixed(0),
        quantile(took, 0.99).toFixed(0),
      ];
    }),
  };
}

const MB = 1_000_000;

/** @param interval minutes between two readings. */
function memoryTable(readings: readonly Memory[], interval: number): Table {
  // At first, functions are started and code is compiled.
  const later = readings.slice(Math.ceil(readings.length / 3));
  return {
    title: 'Memory of the local stack’s process',
    notes: [
      'Resident: with all functions, engines and the gateway, each with a heap of its own. Heap: the gateway’s and the engines’, after a collection. The slope is that of the later two thirds.',
    ],
    columns: ['minute', 'resident, MB', 'heap, MB'],
    rows: [
      ...readings.map(({ resident, heap }, i) => [
        (i * interval).toFixed(1),
        (resident / MB).toFixed(0),
        (heap / MB).toFixed(1),
      ]),
      [
        'slope, MB a minute',
        slope(
          later.map(({ resident }) => resident / MB),
          interval,
        ).toFixed(2),
        slope(
          later.map(({ heap }) => heap / MB),
          interval,
        ).toFixed(2),
      ],
    ],
  };
}

/** Of the line that fits best. */
function slope(values: readonly number[], interval: number): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const products = values.map((value, i) => (i - middle) * (value - mean));
  const squares = values.map((_, i) => (i - middle) ** 2);
  const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);
  return sum(products) / sum(squares) / interval;
}
