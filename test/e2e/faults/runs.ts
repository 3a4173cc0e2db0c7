import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { mapLimit } from '../../../functions/domain/map-limit.ts';
import type { LocalOptions } from '../../../lib/local/main.ts';
import { SANDBOX_CREDENTIALS } from '../../../lib/sandbox/server.ts';
import { eventually } from '../stack/calls.ts';
import { type Bench, startBench } from './bench.ts';
import { badKey, held, inFront, notThere, session, tooSlow } from './everybody.ts';
import { type Fault, fails, fault, isDrawn, NO_FAILURE, type Outcome, status } from './fault.ts';
import { oneGroup } from './one-group.ts';
import { type Outage, outage } from './outage.ts';
import { afterwards, recover } from './recovery.ts';
import { attempt, NO_CACHE, prepare, type Trial, type Tried, tried } from './trial.ts';
import { type Delivered, deliveries } from './webhooks.ts';

/** Trials in parallel. */
const CONCURRENCY = 3;
/** ms after which an age is above 0 s. */
const AGED = 1_200;

async function onBench<T>(options: Partial<LocalOptions>, use: (bench: Bench) => Promise<T>): Promise<T> {
  const bench = await startBench(options);
  try {
    return await use(bench);
  } finally {
    await bench.running.stop();
  }
}

async function prepared(bench: Bench, faults: readonly Fault[]): Promise<Trial[]> {
  const drawn = faults.filter((one) => isDrawn(one, inject('size'), inject('seed')));
  const trials = await mapLimit(drawn, CONCURRENCY, (one) => prepare(bench, one));
  await sleep(AGED);
  return trials;
}

/** What an attempt shows of its expected outcome. The number of failures grows afterwards. */
const shown = ({ unknown, known, once, row }: Outcome) =>
  [unknown, known, once, row.replaceAll(/\d+ failures?/g, '')].join(' | ');

/**
 * Attempts a trial, and once more with new groups if it ends otherwise than expected: on a machine that is too busy, a call
 * waits longer than a reader does. A fault of the service occurs both times.
 */
async function attemptTwice(bench: Bench, trial: Trial, alone: boolean): Promise<Tried> {
  const first = await attempt(bench, trial, alone);
  const { fault } = trial;
  if (shown(first.outcome) === shown(fault.expected) && first.troubles.length === 0) return first;
  console.warn(`Attempted again: ${fault.name}: ${shown(first.outcome)}; ${first.troubles.join('; ')}`);
  await bench.forgive();
  const next = await prepare(bench, fault);
  await sleep(AGED);
  return attempt(bench, next, alone);
}

const isServed = ({ fault }: Trial) => fault.expected.row === NO_FAILURE;

/**
 * Runs each trial alone. The fleet's rate limit feedback is cleared before the next one. Those that fail come first: the
 * time until their next refresh passes meanwhile.
 */
const oneByOne = (bench: Bench, trials: readonly Trial[]) =>
  mapLimit(
    trials.toSorted((one, other) => Number(isServed(one)) - Number(isServed(other))),
    1,
    (trial) => attemptTwice(bench, trial, true),
  );

/** Runs trials in parallel. After each, the fleet's failures are cleared: in a row they would open the circuit. */
async function sideBySide(bench: Bench, trials: readonly Trial[]): Promise<Tried[]> {
  const all = await mapLimit(trials, CONCURRENCY, async (trial) => {
    const tried = await attemptTwice(bench, trial, false);
    await bench.forgive();
    return tried;
  });
  await bench.clear();
  await bench.forgive();
  return all;
}

/** Runs the trials in parallel: one such answer does not concern the other groups. Webhooks come meanwhile. */
export const runOneGroup = (
  assembly: string,
  elsewhere: string,
): Promise<{ tried: readonly Tried[]; webhooks: readonly Delivered[] }> =>
  onBench({ assembly }, async (bench) => {
    const trials = await prepared(bench, [...oneGroup, ...inFront(elsewhere), TWICE]);
    const [all, ofWebhooks] = await Promise.all([sideBySide(bench, trials), deliveries(bench)]);
    const [twice] = all.splice(-1);
    if (!twice) throw new Error('there is always one that fails twice');
    const again: Tried[] = [];
    const recovered = await recover(bench, all, async () => void again.push(await failAgain(bench, twice)));
    return { tried: [...recovered, ...again], webhooks: ofWebhooks };
  });

export const TWICE = fault('400 `INVALID_REQUEST`, at two refreshes in a row', status(400, 'INVALID_REQUEST'), {
  ...fails('REJECTED'),
  row: 'REJECTED, 2 failures',
  again: '30 s',
  once: '-',
});

/** A second read of the unknown group, and then the schedule's refresh of the known one. */
async function failAgain(bench: Bench, first: Tried): Promise<Tried> {
  const { unknown, known, fault } = first;
  for (const result_id of [unknown, known]) await bench.inject({ ...fault.request(), times: 50, result_id });
  const ofUnknown = { seen: await bench.read(unknown), row: await bench.row(unknown) };
  const { due = 0 } = (await bench.row(known)) ?? {};
  await sleep(Math.max(0, due - Date.now()) + 100);
  // One sweep may queue others first: while the circuit is open, it queues a few.
  const swept = async () => {
    await bench.sweep();
    return bench.row(known);
  };
  const row = await eventually(swept, (found) => found?.failures !== 1);
  const twice = tried(first, {
    unknown: ofUnknown,
    known: { seen: await bench.read(known), row },
  });
  await bench.clear();
  await bench.read(known, NO_CACHE);
  return { ...twice, troubles: [...twice.troubles, ...(await afterwards(bench, twice))] };
}

/** Runs the faults that concern the whole fleet. */
const withWholeFleet = (options: Partial<LocalOptions>, slow: readonly Fault[], others: readonly Fault[]) =>
  onBench(options, async (bench) => {
    const slowTrials = await prepared(bench, slow);
    const trials = await prepared(bench, others);
    const alone = await oneByOne(bench, trials);
    // Last: their times are measured while fewer other stacks run.
    return recover(bench, [...alone, ...(await sideBySide(bench, slowTrials))]);
  });

/** AnyCheck fails, or refuses the API key. */
export const runFailing = (assembly: string): Promise<Tried[]> =>
  withWholeFleet({ assembly }, tooSlow, [...notThere, ...badKey]);

/** AnyCheck limits the rate. */
export const runHeld = (assembly: string): Promise<Tried[]> => withWholeFleet({ assembly }, [], held);

/** With email and password. */
export function runSession(assembly: string): Promise<Tried[]> {
  const { email, password } = SANDBOX_CREDENTIALS;
  return withWholeFleet({ assembly, anycheckCredentials: { email, password } }, [], session);
}

export const runOutage = (assembly: string): Promise<Outage> => onBench({ assembly }, outage);
