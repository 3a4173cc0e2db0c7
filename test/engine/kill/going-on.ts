import { expect } from 'vitest';
import { sweep } from '../../../functions/domain/refresh/sweep.ts';
import { Refusal } from '../../../functions/domain/refusal.ts';
import type { Parts } from './parts.ts';
import { readAll } from './reader.ts';
import type { Stage } from './stage.ts';
import { work } from './worker.ts';

/** ms after a death until its group is taken up: longer than any lease, and than the queue hides a message. */
const TAKEN_UP = 180_000;
/** ms between two rounds after that. */
const ROUND = 60_000;
const MAX_ROUNDS = 6;
const SWEEP_LIMIT = 100;

/**
 * The service goes on after a death: sweeps and works, under a clock that is moved on, until nothing is due and every
 * group's last look was a good one.
 * @param began when the one who died began, ms since the epoch.
 * @returns ms that the clock is ahead in the end.
 */
export async function goOn(stage: Stage, began: number): Promise<number> {
  await stage.reappear();
  for (const resultId of stage.groups.keys()) await readAgain(stage.at(TAKEN_UP), resultId);
  let offset = TAKEN_UP;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const parts = stage.at(offset);
    await sweep(parts, SWEEP_LIMIT);
    while (await work(parts));
    // A group that was forgotten is unknown to its next reader.
    for (const resultId of stage.groups.keys()) await readAgain(parts, resultId);
    while (await work(parts));
    let unsettled = 0;
    let wait = ROUND;
    for (const resultId of stage.groups.keys()) {
      const { schedule } = await parts.store.read(resultId);
      if (!schedule) continue;
      // The last cleaning waits until every run that may still write has ended.
      if (schedule.cleanUntil !== undefined) {
        unsettled++;
        wait = Math.max(wait, schedule.cleanUntil - parts.now());
      }
      if (schedule.kind === 'tombstone') continue;
      expect(schedule.lastAttempt ?? 0, 'the group was taken up').toBeGreaterThanOrEqual(began);
      if (schedule.failures > 0 || (schedule.due ?? Number.POSITIVE_INFINITY) <= parts.now()) unsettled++;
    }
    if (unsettled === 0) return offset;
    offset += wait;
  }
  throw new Error(`something is due or fails after ${MAX_ROUNDS} rounds`);
}

/** Reads a group again that the service does not know, as a reader without an answer does. */
async function readAgain(parts: Parts, resultId: string): Promise<void> {
  const { schedule } = await parts.store.read(resultId);
  if (schedule) return;
  await readAll(parts, resultId).catch((error) => {
    if (!(error instanceof Refusal)) throw error;
  });
}
