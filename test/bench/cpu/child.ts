import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';

const Order = z.object({
  /** A URL: exports `contend` (see Contend). */
  module: z.string(),
  /** Of what the module has, the one that is meant. */
  name: z.string(),
  input: z.unknown(),
  /** ms. */
  roundMs: z.number(),
  warmUp: z.number(),
});
export type Order = z.output<typeof Order>;

/** Gets something ready to be called again and again, and says what one call gives. */
export type Contend = (name: string, input: unknown) => Promise<Contending>;
export interface Contending {
  readonly call: () => unknown;
  readonly outcome: unknown;
}

const Module = z.object({ contend: z.custom<Contend>((value) => typeof value === 'function') });

function micros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** @returns µs of CPU that one call took. */
async function run(call: () => unknown, ms: number): Promise<number> {
  const began = micros();
  const until = performance.now() + ms;
  let calls = 0;
  while (performance.now() < until) {
    await call();
    // As between two invocations: output is flushed, and due timers run.
    await setImmediate();
    calls++;
  }
  return (micros() - began) / calls;
}

async function prepared(message: unknown): Promise<{ call: () => unknown; roundMs: number }> {
  const { module, name, input, roundMs, warmUp } = Order.parse(message);
  const { call, outcome } = await Module.parse(await import(module)).contend(name, input);
  await run(call, warmUp);
  process.send?.({ outcome });
  return { call, roundMs };
}

let contender: ReturnType<typeof prepared> | undefined;
process.on('message', async (message) => {
  if (!contender) {
    contender = prepared(message);
    await contender;
    return;
  }
  const { call, roundMs } = await contender;
  process.send?.({ micros: await run(call, roundMs) });
});
