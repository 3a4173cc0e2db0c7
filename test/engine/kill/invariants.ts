import { expect } from 'vitest';
import { pageSks } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import { isBehind } from '../../../functions/domain/events/is-behind.ts';
import { unpack } from '../../../functions/domain/group/pages.ts';
import { redacted } from '../../../functions/domain/group/redact.ts';
import type { Schedule } from '../../../functions/domain/group/schedule.ts';
import { Refusal } from '../../../functions/domain/refusal.ts';
import { confirmedAt } from '../../../functions/domain/store/confirmed-at.ts';
import type { Store } from '../../../functions/domain/store/ports.ts';
import { kindOfRow } from '../../fakes/engine.ts';
import type { Parts } from './parts.ts';
import { readAll } from './reader.ts';
import type { Stage, State } from './stage.ts';

/** ms that a reader's fetch has a group to itself. */
const LEASE = 30_000;

const NO_CALL = async () => {
  throw new Error('a plain read of a snapshot calls AnyCheck');
};
const NEVER_OLD = {
  active: Number.POSITIVE_INFINITY,
  waiting: Number.POSITIVE_INFINITY,
  settled: Number.POSITIVE_INFINITY,
};

const rowsOfGroup = async (stage: Stage, resultId: string) =>
  (await stage.rows()).filter(({ pk }) => String(pk).includes(resultId));
/** Whether a list is what AnyCheck held, but for what was cut of it. */
const isHeldBy = (schedule: Schedule | undefined) => (items: readonly string[]) => (state: State) =>
  cut(schedule, state.items).join('\n') === items.join('\n');
/** The same, whatever the signatures of its links: pages whose links are renewed may be read beside those whose are not. */
const isServedOf = (schedule: Schedule | undefined) => (items: readonly string[]) => (state: State) =>
  unsigned(cut(schedule, state.items)) === unsigned(items);
const unsigned = (items: readonly string[]) => items.join('\n').replace(/\?signature=\d+/g, '');
const cut = (schedule: Schedule | undefined, items: readonly string[]) =>
  schedule?.redactedAt === undefined ? items : items.map(redacted);

/** Checks what holds at every moment, also before another run has made up for a death. */
export async function expectSound(stage: Stage): Promise<void> {
  const parts: Parts = { ...stage.at(0), freshSeconds: NEVER_OLD, anycheck: { list: NO_CALL } };
  for (const [resultId, states] of stage.groups) {
    const { schedule, snapshot } = await parts.store.read(resultId);
    if (schedule?.kind !== 'tracked') {
      if (schedule) await expectErased(parts, resultId, schedule);
      continue;
    }
    if (schedule) {
      expect(schedule.due, 'the group has a due time').toBeDefined();
      expect(schedule.leaseUntil ?? 0, 'a lease ends').toBeLessThanOrEqual(parts.now() + LEASE);
    }
    if (!snapshot) continue;
    const served = states.findLastIndex(isServedOf(schedule)((await readAll(parts, resultId)).items));
    expect(served, 'what is served is one list that AnyCheck held').toBeGreaterThanOrEqual(0);
    const confirmed = confirmedAt(snapshot, schedule);
    expect(confirmed, 'what counts as confirmed was answered').toBeLessThanOrEqual(stage.answered(resultId));
    const changed = states[served + 1]?.since ?? Number.POSITIVE_INFINITY;
    expect(confirmed, 'what counts as confirmed was so').toBeLessThanOrEqual(changed);
    if (snapshot.version > 1) {
      const { items } = await readAll(parts, resultId, snapshot.version - 1);
      expect(states.some(isServedOf(schedule)(items)), 'the version before is still served whole').toBe(true);
    }
    for (const page of await parts.store.pages(resultId, snapshot.pages)) {
      const signatures = new Set(
        unpack(page)
          .join()
          .match(/signature=\d+/g),
      );
      expect(signatures.size, 'the links of a page are of one fetch').toBeLessThanOrEqual(1);
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
    const { schedule } = await parts.store.read(resultId);
    if (schedule?.kind === 'tombstone') {
      await expectErased(parts, resultId, schedule);
      expect(schedule.cleanUntil, 'nothing is left to clean').toBeUndefined();
      const kept = (await rowsOfGroup(stage, resultId)).map(kindOfRow);
      expect(kept, 'no content is left').toEqual(['event#group.erased', 'head#current', 'head#schedule']);
      await expectHeard(stage, parts.store, resultId);
      continue;
    }
    const last = states.at(-1);
    if (last)
      expect((await readAll(parts, resultId)).items, 'what AnyCheck holds is served').toEqual(
        cut(schedule, last.items),
      );
    else await expect(readAll(parts, resultId), 'what AnyCheck doesn’t know is not found').rejects.toThrow(Refusal);
    await expectTidy(stage, parts, resultId);
    await expectHeard(stage, parts.store, resultId);
    if (last) await expectVersions(parts.store, resultId, states);
  }
}

async function expectTidy(stage: Stage, parts: Parts, resultId: string): Promise<void> {
  const { schedule, snapshot } = await parts.store.read(resultId);
  const rows = await rowsOfGroup(stage, resultId);
  if (!schedule) {
    expect(
      rows.map(({ sk }) => sk).filter((sk) => sk !== 'head#current'),
      'of an unknown group nothing is stored but the number of its last version',
    ).toEqual([]);
    return;
  }
  expect(schedule.publishIntent, 'no note remains').toBeUndefined();
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

/**
 * The versions since the group was last erased are lists that AnyCheck held, each a later one than the one before, and what
 * each changed is written down.
 */
async function expectVersions(store: Store, resultId: string, states: readonly State[]): Promise<void> {
  const { snapshot, schedule } = await store.read(resultId);
  const held: number[] = [];
  for (let version = snapshot?.version ?? 0; version > (schedule?.erasedVersion ?? 0); version--) {
    const isCurrent = version === snapshot?.version;
    const kept = isCurrent ? snapshot : await store.archived(resultId, version);
    if (!kept) throw new Error(`version ${version} is missing`);
    const packed = kept.inline ? [kept.inline] : await store.pages(resultId, kept.pages);
    held.unshift(states.findIndex(isHeldBy(schedule)(packed.flatMap(unpack))));
    const change = await store.change(resultId, kept.publishedAt);
    expect(change?.version, 'what a version changed is written down').toBe(version);
    expect(change?.expires === undefined, 'and goes when the version goes').toBe(isCurrent);
    // Versions from before the group was forgotten are gone.
    if (kept.publishedAt === kept.began) break;
  }
  expect(held, 'every version is a list that AnyCheck held').not.toContain(-1);
  // Lists that differed may be alike when they are redacted.
  if (schedule?.redactedAt !== undefined) return;
  expect(held, 'every version is later than the one before').toEqual([...new Set(held)].sort((a, b) => a - b));
  expect(held.at(-1), 'the current version is the last list').toBe(states.length - 1);
}

/**
 * A consumer has heard of every version that is not erased, and of the last erasure and redaction: each under one id. It
 * has heard of no version that never was.
 */
async function expectHeard(stage: Stage, store: Store, resultId: string): Promise<void> {
  const group = await store.read(resultId);
  const { schedule, version } = group;
  expect(isBehind(group), 'nothing is left to announce').toBe(false);
  const heard = stage.heard(resultId);
  const ids = new Map(heard.map(({ id, type, timestamp, data }) => [`${type} ${data.version} ${timestamp}`, id]));
  expect(new Set(heard.map(({ id }) => id)).size, 'each event has one id').toBe(ids.size);
  const versions = (pattern: RegExp) =>
    new Set(heard.filter(({ type }) => pattern.test(type)).map(({ data }) => data.version));
  const published = versions(/created|updated/);
  for (let each = (schedule?.erasedVersion ?? 0) + 1; each <= version; each++) {
    expect(published, 'each version is announced').toContain(each);
  }
  expect(
    [...published].filter((each) => each > version),
    'no other version is announced',
  ).toEqual([]);
  if (schedule?.erasedAt !== undefined) expect(versions(/erased/)).toContain(schedule.erasedVersion);
  if (schedule?.redactedAt !== undefined) expect(versions(/redacted/).size).toBe(1);
}

/** Checks that no reader gets an erased group, and that its remaining content is due for cleaning. */
async function expectErased(parts: Parts, resultId: string, { cleanUntil, due }: Schedule): Promise<void> {
  await expect(readAll(parts, resultId), 'an erased group is not found').rejects.toThrow(Refusal);
  if (cleanUntil !== undefined) expect(due, 'an erased group is due until it is clean').toBeDefined();
}
