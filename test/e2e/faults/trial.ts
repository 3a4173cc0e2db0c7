import { randomUUID } from 'node:crypto';
import { type Bench, type Content, content, type Row, type Seen } from './bench.ts';
import type { Fault, Outcome } from './fault.ts';
import { wordsOfAnswer, wordsOfRows } from './words.ts';

/** One fault and its groups. */
export interface Trial {
  readonly fault: Fault;
  readonly unknown: string;
  readonly known: string;
  readonly once: string;
  readonly old: Content;
  readonly next: Content;
  /** The read that made the known group known. */
  readonly confirmed: Seen;
}

export interface Tried extends Trial {
  readonly outcome: Outcome;
  readonly seen: { readonly unknown: Seen; readonly known: Seen };
  /** Violations of what must hold for every fault. */
  readonly troubles: readonly string[];
}

export const NO_CACHE = { 'cache-control': 'no-cache' };
const ONCE = 1;
const REPEATED = 50;
/** ms in which every reader is answered, plus a margin for a machine that runs all trials in parallel. */
const READ_DEADLINE_MS = 10_000 + 2_000;

/** Creates one known group that changes afterwards, and two groups that AnyCheck has and the service does not know. */
export async function prepare(bench: Bench, fault: Fault): Promise<Trial> {
  const [unknown, known, once] = [randomUUID(), randomUUID(), randomUUID()];
  // Both are settled: the schedule refreshes the group after an hour.
  const old = content(fault.items, 'FAILED');
  const next = content(fault.items, 'COMPLETED');
  await bench.set(known, old);
  const confirmed = await bench.read(known);
  for (const id of [known, unknown, once]) await bench.set(id, next);
  return { fault, unknown, known, once, old, next, confirmed };
}

/**
 * Reads a group while the fault affects it, or has just affected another one. `upstreamCalls` counts the calls to
 * AnyCheck for that read.
 */
async function readUnder(bench: Bench, { fault, known, next }: Trial, id: string, times: number) {
  const { meanwhile } = fault;
  const request = fault.request();
  const isSession = request.route !== undefined;
  const other = randomUUID();
  const hit = meanwhile ? other : id;
  if (meanwhile || fault.live) await bench.set(other, next);
  if (fault.live) await bench.read(other);
  await bench.inject({ times, ...request, ...(isSession ? {} : { result_id: hit }) });
  if (fault.renewable) await bench.replaceSession();
  else if (isSession) await bench.endSession();
  if (meanwhile) await bench.read(other);
  const before = await bench.upstreamCalls();
  const seen = await bench.read(id, id === known ? NO_CACHE : {});
  const isMissed = (await bench.left(String(request.route ?? hit))) >= times;
  return { seen, upstreamCalls: (await bench.upstreamCalls()) - before, isMissed };
}

/** @param alone whether it affects other trials: then AnyCheck and the fleet are reset after each read. */
export async function attempt(bench: Bench, trial: Trial, alone: boolean): Promise<Tried> {
  const { fault, unknown, known, once } = trial;
  const troubles: string[] = [];
  async function under(id: string, times: number) {
    const { seen, upstreamCalls, isMissed } = await readUnder(bench, trial, id, times);
    const row = await bench.row(id);
    if (fault.meanwhile && row?.failures !== 0 && upstreamCalls > 0)
      troubles.push(`AnyCheck was called ${upstreamCalls} times`);
    if (isMissed) troubles.push('the fault affected no call');
    if (alone) {
      await bench.clear();
      await bench.forgive();
    }
    return { seen, row };
  }
  const first = under(unknown, REPEATED);
  if (alone) await first;
  const second = under(known, REPEATED);
  if (alone) await second;
  const third = fault.expected.once === '-' ? undefined : under(once, ONCE);
  const [ofUnknown, ofKnown, ofOnce] = await Promise.all([first, second, third]);
  const came = tried(trial, { unknown: ofUnknown, known: ofKnown, once: ofOnce });
  return { ...came, troubles: [...came.troubles, ...troubles] };
}

interface Found {
  readonly seen: Seen;
  readonly row: Row | undefined;
}

/** The outcome of a trial in words, and the violations of what must hold for every fault. */
export function tried(
  trial: Trial,
  { unknown, known, once }: { unknown: Found; known: Found; once?: Found | undefined },
): Tried {
  const { fault, old, next, confirmed } = trial;
  const listed = next.pages.map((page, i) => (i === 0 ? fault.sent(page) : page));
  const outcome = {
    unknown: wordsOfAnswer(unknown.seen, listed, undefined, fault.matches),
    known: wordsOfAnswer(known.seen, listed, old.pages, fault.matches),
    ...wordsOfRows(known.row, unknown.row),
    once: once ? wordsOfAnswer(once.seen, listed, undefined, fault.matches) : '-',
  };
  const all = [unknown.seen, known.seen, ...(once ? [once.seen] : [])];
  const troubles = [
    ...all
      .filter(({ from, to }) => to - from > READ_DEADLINE_MS)
      .map(({ from, to }) => `a reader was answered after ${to - from} ms`),
    ...(confirmed.version === 1 ? [] : ['the known group was not served as version 1 to begin with']),
    ...falseAge(known.seen, known.seen.version === 1 ? confirmed : known.seen),
  ];
  return { ...trial, outcome, seen: { unknown: unknown.seen, known: known.seen }, troubles };
}

/** Checks the age: AnyCheck confirmed the list during `confirmed`, and the service sent the age during `seen`. */
function falseAge(seen: Seen, confirmed: Seen): string[] {
  const { age = Number.NaN } = seen;
  const minAge = Math.floor(Math.max(0, seen.from - confirmed.to) / 1000);
  const maxAge = Math.floor((seen.to - confirmed.from) / 1000);
  return age >= minAge && age <= maxAge ? [] : [`an age of ${age} s, where ${minAge} to ${maxAge} s are true`];
}
