import type { Clock } from './clock.ts';

/** ms after which a message whose worker failed appears again. */
const VISIBILITY_MS = 90_000;
/** The part of all messages that come twice. */
const DOUBLED = 0.001;
const DOUBLED_WITHIN_MS = 1_000;
/** A standard queue keeps the order roughly: one of the next few messages comes first. */
const OUT_OF_ORDER = 10;

export interface QueueOptions<T> {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Messages that are worked on at once. */
  readonly workers: number;
  readonly maxReceives: number;
  /** ms from the sending of a message to its arrival. */
  readonly arrivalMs: number;
  readonly work: (body: T, receives: number) => Promise<unknown>;
}

export interface MemoryQueue<T> {
  send(bodies: readonly T[], delayMs?: number): void;
  /** What workers threw. */
  readonly faults: readonly unknown[];
}

/** A standard queue of SQS and its workers: delays, visibility, a maximum of receives, and messages that come twice. */
export function memoryQueue<T>(options: QueueOptions<T>): MemoryQueue<T> {
  const { clock, random, workers, maxReceives, arrivalMs, work } = options;
  let ready: { readonly body: T; readonly receives: number }[] = [];
  let head = 0;
  let busy = 0;
  const faults: unknown[] = [];

  function put(body: T, receives: number, afterMs: number): void {
    clock.at(clock.now() + afterMs, () => {
      ready.push({ body, receives });
      pump();
    });
  }

  function take() {
    const at = head + Math.floor(random() * Math.min(OUT_OF_ORDER, ready.length - head));
    const [taken, first] = [ready[at], ready[head]];
    if (taken && first) ready[at] = first;
    head++;
    if (head > 1_000 && head > ready.length / 2) {
      ready = ready.slice(head);
      head = 0;
    }
    return taken;
  }

  async function handle(body: T, receives: number): Promise<void> {
    if (random() < DOUBLED) put(body, receives, random() * DOUBLED_WITHIN_MS);
    try {
      await work(body, receives);
    } catch (fault) {
      faults.push(fault);
      if (receives < maxReceives) put(body, receives, VISIBILITY_MS);
    }
    busy--;
    pump();
  }

  function pump(): void {
    while (busy < workers && head < ready.length) {
      const taken = take();
      if (!taken) return;
      busy++;
      void handle(taken.body, taken.receives + 1);
    }
  }

  return {
    faults,
    send(bodies, delayMs = 0) {
      for (const body of bodies) put(body, 0, delayMs + arrivalMs);
    },
  };
}
