import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Order } from './child.ts';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));

/** What is measured, and where it is. */
export type Contender = Pick<Order, 'module' | 'name' | 'input'>;

export interface Raced {
  /** µs of CPU (user and system, all threads) that one call took, of each round. */
  readonly micros: readonly number[];
  /** What the contender says of its own result. */
  readonly outcome: unknown;
}

export interface RaceOptions {
  /** Measured rounds of each contender. */
  readonly rounds: number;
  /** ms that a round takes, and ms that are run before the first. */
  readonly roundMs: number;
  readonly warmUp: number;
}

const Ready = z.object({ outcome: z.unknown() });
const Round = z.object({ micros: z.number() });

/**
 * What one call of each contender takes, side by side. Each has a process of its own, so that none suffers from what another has
 * shown to code that they share; and their rounds alternate, in random order, so that all meet the same neighbours.
 * @returns in the order of the contenders.
 */
export async function race(
  contenders: readonly Contender[],
  { rounds, roundMs, warmUp }: RaceOptions,
): Promise<Raced[]> {
  const children: ChildProcess[] = [];
  const running: { child: ChildProcess; outcome: unknown; micros: number[] }[] = [];
  try {
    for (const contender of contenders) {
      const child = fork(CHILD, {
        execArgv: ['--disable-warning=ExperimentalWarning'],
        serialization: 'advanced',
        // What it prints goes through a pipe, as a function's lines do.
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      });
      children.push(child);
      child.stdout?.resume();
      const order: Order = { ...contender, roundMs, warmUp };
      running.push({ child, ...Ready.parse(await request(child, order)), micros: [] });
    }
    for (let i = 0; i < rounds; i++) {
      for (const { child, micros } of shuffled(running)) micros.push(Round.parse(await request(child, 'round')).micros);
    }
    return running;
  } finally {
    for (const child of children) child.kill();
  }
}

async function request(child: ChildProcess, message: Order | 'round'): Promise<unknown> {
  const over = new AbortController();
  const { signal } = over;
  const answered = once(child, 'message', { signal });
  const died = once(child, 'exit', { signal }).then(() => {
    throw new Error('a contender ended before its time');
  });
  child.send(message);
  try {
    const [answer] = await Promise.race([answered, died]);
    return answer;
  } finally {
    over.abort();
  }
}

const shuffled = <T>(all: readonly T[]): T[] =>
  all
    .map((one) => ({ one, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
