import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../stack/calls.ts';
import type { Bench, Seen } from './bench.ts';
import { sameItems, samePages } from './pages.ts';
import { NO_CACHE, type Tried } from './trial.ts';
import { wordsOfAnswer } from './words.ts';

/** ms. Where a group is due later than this, a reader with `no-cache` refreshes it. */
const WAITED_FOR = 30_000;
const FORCED_EVERY = 15_000;

const orderOf = ({ fault }: Tried) => (fault.anyOrder ? sameItems : samePages);

/** When the known group can be refreshed, ms since the epoch, and whether the schedule does it. */
async function dueOf(bench: Bench, { known, seen }: Tried) {
  const { due = Number.POSITIVE_INFINITY, failures = 0 } = (await bench.row(known)) ?? {};
  const isScheduled = due - Date.now() < WAITED_FOR;
  if (isScheduled) return { at: due, isScheduled };
  return { at: failures > 0 ? seen.known.to + FORCED_EVERY : 0, isScheduled };
}

/**
 * Ends the faults and checks the recovery. Readers of unknown groups get them at once. A known group is served as
 * before until it is due, then as AnyCheck lists it, one version higher.
 * @param asDue runs when the groups are due, before the sweep.
 * @returns each trial with its violations.
 */
export async function recover(bench: Bench, all: readonly Tried[], asDue = async () => {}): Promise<Tried[]> {
  await bench.clear();
  await bench.forgive();
  const troubles = new Map<Tried, string[]>(all.map((tried) => [tried, [...tried.troubles]]));
  const check = (tried: Tried, what: string, seen: Seen, expected: string, before?: readonly string[]) => {
    const words = wordsOfAnswer(seen, tried.next.pages, before, orderOf(tried));
    if (words !== expected) troubles.get(tried)?.push(`${what}: ${words}, not ${expected}`);
  };
  for (const tried of all) {
    const { unknown, known, seen } = tried;
    if (!seen.unknown.pages)
      check(tried, 'the next reader of an unknown group', await bench.read(unknown), '200, version 1');
    const still = await bench.read(known);
    if (still.pages?.join() !== seen.known.pages?.join() || still.version !== seen.known.version) {
      troubles.get(tried)?.push('what is served changed before it was due');
    }
  }
  const plans = await Promise.all(all.map(async (tried) => ({ tried, ...(await dueOf(bench, tried)) })));
  await sleep(Math.max(0, ...plans.map(({ at }) => at - Date.now())) + 200);
  await asDue();
  await bench.sweep();
  for (const { tried, isScheduled } of plans) {
    const { known, unknown, next, old, seen } = tried;
    const isRight = ({ pages }: Seen) => pages !== undefined && orderOf(tried)(pages, next.pages);
    if (!isScheduled) await bench.read(known, NO_CACHE);
    if (seen.unknown.pages && !isRight(seen.unknown)) await bench.read(unknown, NO_CACHE);
    const settled = (id: string) =>
      eventually(() => bench.read(id), isRight).catch((error: unknown) => {
        troubles.get(tried)?.push(`it did not recover: ${String(error)}`);
        return undefined;
      });
    const version = (before: Seen) => (before.version ?? 0) + (isRight(before) ? 0 : 1);
    const after = await settled(known);
    if (after)
      check(tried, 'afterwards', after, `200, version ${version(seen.known)}, as AnyCheck lists it`, old.pages);
    const found = await settled(unknown);
    if (found) check(tried, 'afterwards, unknown', found, `200, version ${version(seen.unknown)}`);
    const superseded = await bench.read(known, {}, (after?.version ?? 0) - 1);
    const expected = after?.version === 2 ? old.pages : (seen.known.pages ?? []);
    if (after && superseded.pages?.join() !== expected.join())
      troubles.get(tried)?.push('the version before is not served as it was');
  }
  return all.map((tried) => ({ ...tried, troubles: troubles.get(tried) ?? [] }));
}

/** Returns the violations in a failed trial's groups after both should be refreshed. */
export async function afterwards(bench: Bench, { unknown, known, next, old }: Tried): Promise<string[]> {
  const found = wordsOfAnswer(await bench.read(unknown), next.pages);
  const after = wordsOfAnswer(await bench.read(known), next.pages, old.pages);
  const superseded = wordsOfAnswer(await bench.read(known, {}, 1), next.pages, old.pages);
  return [
    ...(found === '200, version 1' ? [] : [`afterwards, unknown: ${found}`]),
    ...(after === '200, version 2, as AnyCheck lists it' ? [] : [`afterwards: ${after}`]),
    ...(superseded === '200, version 1, unchanged' ? [] : [`the version before: ${superseded}`]),
  ];
}
