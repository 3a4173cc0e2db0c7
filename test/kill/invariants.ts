import { expect } from 'vitest';
import { pageSks } from '../../functions/adapters/rows.ts';
import { ApiError } from '../../functions/domain/errors.ts';
import { unpack } from '../../functions/domain/pages.ts';
import type { Store } from '../../functions/domain/ports.ts';
import { confirmedAt } from '../../functions/domain/publish.ts';
import type { Parts } from './parts.ts';
import { readAll } from './reader.ts';
import type { Stage, State } from './stage.ts';

/** ms that a reader's fetch has a group to itself. */
const LEASE = 30_000;

const NOBODY = async () => {
  throw new Error('a plain read of a snapshot asks nobody');
};
const NEVER_OLD = {
  active: Number.POSITIVE_INFINITY,
  waiting: Number.POSITIVE_INFINITY,
  settled: Number.POSITIVE_INFINITY,
};

const rowsOfGroup = async (stage: Stage, resultId: string) =>
  (await stage.rows()).filter(({ pk }) => String(pk).includes(resultId));
const isHeld = (items: readonly string[]) => (state: State) => state.items.join('\n') === items.join('\n');

/** What holds at every moment, also while nobody has made up for a death yet. */
export async function expectSound(stage: Stage): Promise<void> {
  const parts: Parts = { ...stage.at(0), freshSeconds: NEVER_OLD, anycheck: { list: NOBODY } };
  for (const [resultId, states] of stage.groups) {
    const { schedule, snapshot } = await parts.store.read(resultId);
    if (schedule) {
      expect(schedule.due, 'the group has a due time').toBeDefined();
      expect(schedule.leaseUntil ?? 0, 'a lease ends').toBeLessThanOrEqual(parts.now() + LEASE);
    }
    if (!snapshot) continue;
    expect(schedule, 'what is served is looked at again').toBeDefined();
    const served = states.findIndex(isHeld((await readAll(parts, resultId)).items));
    expect(served, 'what is served is one list that AnyCheck held').toBeGreaterThanOrEqual(0);
    const confirmed = confirmedAt(snapshot, schedule);
    expect(confirmed, 'what counts as confirmed was answered').toBeLessThanOrEqual(stage.answered(resultId));
    const changed = states[served + 1]?.since ?? Number.POSITIVE_INFINITY;
    expect(confirmed, 'what counts as confirmed was so').toBeLessThanOrEqual(changed);
    if (snapshot.version > 1) {
      const { items } = await readAll(parts, resultId, snapshot.version - 1);
      expect(states.some(isHeld(items)), 'the version before is still served whole').toBe(true);
    }
    const named = new Set(snapshot.pages.flatMap(pageSks));
    const going = (await rowsOfGroup(stage, resultId)).filter(({ sk, expires }) => named.has(String(sk)) && expires);
    expect(going, 'what is served does not expire').toEqual([]);
  }
}

/** What holds once the others have made up for a death: all of the above, what AnyCheck holds is served, nothing is left over. */
export async function expectSettled(stage: Stage, offset: number): Promise<void> {
  const parts: Parts = { ...stage.at(offset), freshSeconds: NEVER_OLD };
  expect(await stage.messages(), 'the queue is drained').toEqual({ queued: 0, dead: 0 });
  for (const [resultId, states] of stage.groups) {
    const last = states.at(-1);
    if (last) expect((await readAll(parts, resultId)).items, 'what AnyCheck holds is served').toEqual(last.items);
    else await expect(readAll(parts, resultId), 'what AnyCheck doesn’t know is not found').rejects.toThrow(ApiError);
    await expectTidy(stage, parts, resultId);
    if (last) await expectVersions(parts.store, resultId, states);
  }
}

async function expectTidy(stage: Stage, parts: Parts, resultId: string): Promise<void> {
  const { schedule, snapshot } = await parts.store.read(resultId);
  const rows = await rowsOfGroup(stage, resultId);
  if (!schedule) {
    expect(
      rows.map(({ sk }) => sk),
      'of an unknown group nothing is stored',
    ).toEqual([]);
    return;
  }
  expect(schedule.publishing, 'no note remains').toBeUndefined();
  expect(schedule.failures, 'no failure remains').toBe(0);
  expect(schedule.leaseUntil ?? 0, 'no lease remains').toBeLessThanOrEqual(parts.now());
  expect(schedule.due ?? 0, 'the group is due later').toBeGreaterThan(parts.now());
  const named = new Set(snapshot?.pages.flatMap(pageSks));
  for (const { sk, expires } of rows.filter((row) => String(row.sk).startsWith('page#'))) {
    expect(expires === undefined, 'a page is current or expires').toBe(named.has(String(sk)));
    named.delete(String(sk));
  }
  expect(named, 'every current page is there').toEqual(new Set());
}

/** The versions from 1 to the current one are lists that AnyCheck held, each a later one than the one before. */
async function expectVersions(store: Store, resultId: string, states: readonly State[]): Promise<void> {
  const { snapshot } = await store.read(resultId);
  const held: number[] = [];
  for (let version = 1; version <= (snapshot?.version ?? 0); version++) {
    const kept = version === snapshot?.version ? snapshot : await store.archived(resultId, version);
    if (!kept) throw new Error(`version ${version} is missing`);
    const packed = kept.inline ? [kept.inline] : await store.pages(resultId, kept.pages);
    held.push(states.findIndex(isHeld(packed.flatMap(unpack))));
  }
  expect(held, 'every version is a list that AnyCheck held').not.toContain(-1);
  expect(held, 'every version is later than the one before').toEqual([...new Set(held)].sort((a, b) => a - b));
  expect(held.at(-1), 'the current version is the last list').toBe(states.length - 1);
}
