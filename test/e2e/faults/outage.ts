import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { startSandbox } from '../../../lib/sandbox/server.ts';
import { eventually } from '../stack/calls.ts';
import type { Bench } from './bench.ts';
import { AS_IT_WAS, comeBack, type Fault, fails, fault } from './fault.ts';
import { afterwards } from './recovery.ts';
import { NO_CACHE, prepare, type Trial, type Tried, tried } from './trial.ts';

const down = (name: string, expected: Fault['expected']) => fault(name, {}, expected);
const noOnce = { once: '-' };

/** AnyCheck's port is dead. */
export const DEAD = down('no server listens on the port', fails('UNAVAILABLE', noOnce));
export const OPENING = down('the same, as the fifth failure in a row over 5 s or more', fails('UNAVAILABLE', noOnce));
export const OPEN = down('the same, for later readers (AnyCheck is not called)', {
  ...fails('RATE_LIMITED', noOnce),
  unknown: comeBack('at most 10'),
  known: AS_IT_WAS,
});

/** ms. */
const OPENING_SPAN = 5_000;
const AT_ONCE = 4_000;
const SWEEP_EVERY = 800;

const Calls = z.object({
  calls: z.array(z.object({ route: z.string(), status: z.number().nullable(), at: z.string() })),
});

export interface Outage {
  readonly tried: readonly Tried[];
  /** ms from AnyCheck's first answer after the outage to the last group's next refresh. */
  readonly recoveredWithin: number;
}

/** AnyCheck stops, the circuit opens, and AnyCheck starts again; from then on a sweep runs about once a second. */
export async function outage(bench: Bench): Promise<Outage> {
  const { sandbox } = bench.running;
  const [dead, opening, open] = [await prepare(bench, DEAD), await prepare(bench, OPENING), await prepare(bench, OPEN)];
  await sleep(1_200);
  await sandbox.close();

  const read = async (id: string, headers?: Record<string, string>) => ({
    seen: await bench.read(id, headers),
    row: await bench.row(id),
  });
  const both = async (trial: Trial, between: () => Promise<unknown>) => {
    const unknown = await read(trial.unknown);
    await between();
    return tried(trial, { unknown, known: await read(trial.known, NO_CACHE) });
  };
  const ofDead = await both(dead, bench.forgive);
  await bench.forgive();
  const ofOpening = await both(opening, () => sleep(OPENING_SPAN));
  const ofOpen = await both(open, async () => {});
  const slow = Object.values(ofOpen.seen).filter(({ from, to }) => to - from > AT_ONCE);

  const back = await startSandbox({ port: Number(new URL(sandbox.url).port) });
  try {
    back.controls.setLimits({ limit: null });
    const all = [ofDead, ofOpening, ofOpen];
    const ids = all.flatMap(({ unknown, known }) => [unknown, known]);
    for (const { unknown, known, next } of all) {
      for (const id of [unknown, known]) back.controls.setGroup(id, next.source);
    }
    const rows = await eventually(
      async () => {
        await bench.sweep();
        await sleep(SWEEP_EVERY);
        return Promise.all(ids.map(bench.row));
      },
      (found) => found.every((row) => row?.failures === 0),
      45_000,
    );
    const { calls } = Calls.parse(back.controls.calls());
    const first = Math.min(...calls.filter(({ status }) => status === 200).map(({ at }) => Date.parse(at)));
    const last = Math.max(...rows.map((row) => row?.last_attempt ?? 0));
    const after = await Promise.all(all.map((one) => afterwards(bench, one)));
    return {
      tried: all.map((one, i) => ({
        ...one,
        troubles: [
          ...one.troubles,
          ...(after[i] ?? []),
          ...(one === ofOpen && slow.length > 0 ? ['readers waited while the circuit was open'] : []),
        ],
      })),
      recoveredWithin: last - first,
    };
  } finally {
    await back.close();
  }
}
