import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dueIndex } from '../../../../../functions/adapters/dynamodb/due-index.ts';
import { ROOM } from '../../../../../functions/adapters/dynamodb/page-rows.ts';
import { snapshotStore } from '../../../../../functions/adapters/dynamodb/snapshot-store.ts';
import { itemOf } from '../../../../../functions/domain/group/group.ts';
import { layOut, unpack } from '../../../../../functions/domain/group/pages.ts';
import type { Snapshot } from '../../../../../functions/domain/group/snapshot.ts';
import type { DueIndex } from '../../../../../functions/domain/refresh/queue.ts';
import type { Store } from '../../../../../functions/domain/store/ports.ts';
import { type Engine, engines, losingAnswers, rowsOf } from '../../../../fakes/engine.ts';

const DAY = 86_400_000;
const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

const snapshot = (over: Partial<Snapshot> = {}): Snapshot => ({
  version: 1,
  revision: 1,
  since: 1,
  publishedAt: 1,
  began: 1,
  fetchedAt: 1,
  revisedAt: 1,
  totalText: '0',
  overallStatusText: '"COMPLETED"',
  phase: 'settled',
  hadItems: true,
  isRedacted: false,
  content: 'c',
  bytes: 'b',
  inline: undefined,
  pages: [],
  ...over,
});

const items = (count: number, filler = () => '') =>
  Array.from({ length: count }, (_, i) =>
    itemOf({ id: `i${i}`, status: null, text: `{"id":"i${i}","x":"${filler()}"}` }),
  );

/** A refresh that no request was waiting for, and that found nothing new. */
const ENDING = { schedule: { requestedAt: undefined, expeditedDue: undefined }, result: 'nothing new' } as const;

describe.each(engines)('the snapshot store on $name', ({ available, start }) => {
  if (!available) {
    it.skip('needs Java', () => {});
    return;
  }

  let engine: Engine;
  let table: string;
  let store: Store;
  let index: DueIndex;
  let now: number;

  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine?.stop());
  beforeEach(async () => {
    now = 1_800_000_000_000;
    table = await engine.table();
    store = snapshotStore({ client: engine.client, table, retentionDays: 10, now: () => now });
    index = dueIndex(engine.client, table);
  });

  const claimed = async (id = ID, until = now + 30_000) => {
    expect(await store.claim(id, undefined, now, until)).toBe(true);
    return until;
  };
  const schedule = async () => (await store.read(ID)).schedule;
  const summary = { total: 1, overallStatus: 'IN_PROGRESS', statusCounts: [['IN_PROGRESS', 1] as const] };
  const success = { confirmedAt: 5, version: 1, phase: 'active', publishedAt: 4, summary } as const;

  it('knows nothing of an unknown group', async () => {
    expect(await store.read(ID)).toEqual({
      schedule: undefined,
      revision: 0,
      version: 0,
      publishedAt: 0,
      snapshot: undefined,
    });
    expect(await store.archived(ID, 1)).toBeUndefined();
  });

  it('lets one of many claim a group, and another one only after the lease', async () => {
    const until = now + 30_000;
    const claims = await Promise.all(Array.from({ length: 10 }, () => store.claim(ID, undefined, now, until)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    const leased = await schedule();
    expect(leased).toMatchObject({ firstSeen: now, due: until, leaseUntil: until, failures: 0 });
    expect(await store.claim(ID, leased, now + 29_999, until + 1)).toBe(false);
    expect(await store.claim(ID, leased, until, until + 1)).toBe(true);
    expect(await store.claim(ID, leased, until + 2, until + 3)).toBe(false);
  });

  it('pulls a due time forward, unless the group is due, leased or unknown', async () => {
    expect(await store.expedite(ID, now)).toBe(false);
    const due = await claimed();
    expect(await store.expedite(ID, now)).toBe(false);
    await store.finish(ID, {
      ...ENDING,
      from: due,
      next: now + DAY,
      intent: undefined,
      attempt: now,
      begun: now,
      outcome: success,
    });
    expect(await store.expedite(ID, now + 1)).toBe(true);
    expect(await schedule()).toMatchObject({ due: now + 1 });
    expect(await store.expedite(ID, now + 2)).toBe(false);
  });

  it('writes how a refresh ended only while its due time stands', async () => {
    const due = await claimed();
    expect(
      await store.finish(ID, {
        ...ENDING,
        from: due - 1,
        next: now,
        intent: undefined,
        attempt: now,
        begun: now,
        outcome: success,
      }),
    ).toBeUndefined();
    const failed = { failures: 2, error: 'THROTTLED', failingSince: now - 1 };
    expect(
      await store.finish(ID, {
        ...ENDING,
        from: due,
        next: now + 1,
        intent: undefined,
        attempt: now,
        begun: now,
        outcome: failed,
      }),
    ).toBeDefined();
    expect(await schedule()).toMatchObject({
      due: now + 1,
      failures: 2,
      lastError: 'THROTTLED',
      leaseUntil: undefined,
    });
    expect(
      await store.finish(ID, {
        ...ENDING,
        from: now + 1,
        next: undefined,
        intent: undefined,
        attempt: now,
        begun: now,
        outcome: success,
      }),
    ).toBeDefined();
    expect(await schedule()).toMatchObject({ due: undefined, failures: 0, confirmedAt: 5, confirmedVersion: 1 });
    expect(await store.expedite(ID, now + 1)).toBe(true);
  });

  it('finds the groups that are due, oldest first, and no others', async () => {
    const ids = Array.from({ length: 30 }, () => randomUUID());
    for (const [i, id] of ids.entries()) await claimed(id, now + i);
    await store.finish(ids[3] ?? '', {
      ...ENDING,
      from: now + 3,
      next: undefined,
      intent: undefined,
      attempt: now,
      begun: now,
      outcome: success,
    });
    const due = await index.due(now + 19, 100);
    expect(due).toEqual(ids.flatMap((resultId, i) => (i < 20 && i !== 3 ? [{ resultId, due: now + i }] : [])));
    expect(await index.due(now + 19, 5)).toEqual(due.slice(0, 5));
  });

  it('accepts one publish intent at a time, for the due time that stands', async () => {
    const due = await claimed();
    expect(await store.recordPublishIntent(ID, { due: due + 1, found: undefined, publishedAt: 0 }, 1)).toBe(false);
    expect(await store.recordPublishIntent(ID, { due: due, found: undefined, publishedAt: 0 }, 1)).toBe(true);
    expect(await store.recordPublishIntent(ID, { due: due, found: undefined, publishedAt: 0 }, 1)).toBe(false);
    expect(await store.recordPublishIntent(ID, { due: due, found: 2, publishedAt: 0 }, 3)).toBe(false);
    expect(await store.recordPublishIntent(ID, { due: due, found: 1, publishedAt: 0 }, 1)).toBe(true);
    await store.clearPublishIntent(ID, 2);
    expect(await schedule()).toMatchObject({ publishIntent: 1 });
    await store.clearPublishIntent(ID, 1);
    expect(await schedule()).toMatchObject({ publishIntent: undefined });
  });

  it('returns what was published, inline or in pages, larger than a row too', async () => {
    const small = layOut(items(3), 1, [], ROOM);
    expect(small).toMatchObject({ pages: [], added: [] });
    expect(await store.advance(ID, snapshot({ inline: small.inline }), 0)).toBe(true);
    const inline = (await store.read(ID)).snapshot?.inline;
    expect(inline && unpack(inline)).toEqual(items(3).map((item) => item.text));

    const large = items(40, () => randomBytes(40_000).toString('hex'));
    const { pages, added } = layOut(
      [...large, ...items(1, () => randomBytes(900_000).toString('base64'))],
      2,
      [],
      ROOM,
    );
    expect(pages.at(-1)?.rows).toBeGreaterThan(1);
    await store.putPages(ID, added);
    expect(await store.advance(ID, snapshot({ revision: 2, pages }), 1)).toBe(true);
    const stored = (await store.read(ID)).snapshot?.pages ?? [];
    expect(stored).toEqual(pages);
    const texts = (await store.pages(ID, stored)).flatMap(unpack);
    expect(texts).toHaveLength(41);
    expect(texts.slice(0, 40)).toEqual(large.map((item) => item.text));
  });

  it('advances the current row only from the revision that was read', async () => {
    expect(await store.advance(ID, snapshot(), 0)).toBe(true);
    expect(await store.advance(ID, snapshot(), 0)).toBe(false);
    expect(await store.advance(ID, snapshot({ version: 2, revision: 2 }), 1)).toBe(true);
    expect(await store.advance(ID, snapshot({ version: 2, revision: 2 }), 1)).toBe(false);
  });

  it('fences a publish that is based on an older revision, also a first one', async () => {
    expect(await store.fence(ID, await store.read(ID), 1)).toBe(true);
    expect(await store.read(ID)).toMatchObject({ revision: 1, snapshot: undefined });
    expect(await store.advance(ID, snapshot(), 0)).toBe(false);
    expect(await store.advance(ID, snapshot({ revision: 2 }), 1)).toBe(true);
    const found = await store.read(ID);
    expect(await store.fence(ID, { ...found, revision: 1 }, 2)).toBe(false);
    expect(await store.fence(ID, found, 3)).toBe(true);
    expect((await store.read(ID)).snapshot).toEqual({ ...found.snapshot, revision: 3 });
  });

  it('gives a fenced snapshot of pages another hash of its texts, since the fenced publish may have renewed links', async () => {
    const pages = [{ introduced: 1, hash: 'abcdefghijk', count: 1, rows: 1 }];
    expect(await store.advance(ID, snapshot({ inline: undefined, pages }), 0)).toBe(true);
    const found = await store.read(ID);
    expect(await store.fence(ID, found, 3)).toBe(true);
    expect((await store.read(ID)).snapshot).toMatchObject({ version: 1, revision: 3, pages });
    expect((await store.read(ID)).snapshot?.bytes).not.toBe(found.snapshot?.bytes);
  });

  it('keeps an archived version for the retention time, and its latest revision', async () => {
    await store.archive(ID, { ...snapshot({ revision: 4, bytes: 'new' }), confirmedUntil: 9 }, now);
    await store.archive(ID, { ...snapshot({ revision: 3, bytes: 'old' }), confirmedUntil: 8 }, now);
    expect(await store.archived(ID, 1)).toMatchObject({ bytes: 'new', confirmedUntil: 9 });
    now += 10 * DAY;
    expect(await store.archived(ID, 1)).toBeUndefined();
  });

  it('expires what the current row does not name, a week later than the history', async () => {
    const before = layOut(
      items(400, () => randomBytes(60).toString('hex')),
      1,
      [],
      ROOM,
    );
    const after = layOut(
      items(400, () => randomBytes(60).toString('hex')),
      2,
      before.pages,
      ROOM,
    );
    await store.putPages(ID, before.added);
    await store.putPages(ID, after.added);
    await store.expireOthers(ID, before.pages.slice(0, 2), { revision: 1, since: 2, now });
    now += 17 * DAY - 1000;
    expect(await store.pages(ID, before.pages)).toHaveLength(before.pages.length);
    now += 1000;
    expect(await store.pages(ID, before.pages.slice(0, 2))).toHaveLength(2);
    await expect(store.pages(ID, before.pages.slice(2, 3))).rejects.toThrow('missing');
    expect(await store.pages(ID, after.pages)).toHaveLength(after.pages.length);
  });

  it('renews the links of a page in its row, unless it is missing, expires or has newer links', async () => {
    const linked = (signature: number) =>
      Array.from({ length: 60 }, (_, i) => {
        const filler = createHash('shake256', { outputLength: 400 }).update(`${i}`).digest('base64');
        const text = `{"id":"i${i}","output_file_url":"https://f.example/${i}?s=${signature}","x":"${filler}"}`;
        return itemOf({ id: `i${i}`, status: null, text });
      });
    const { pages, added } = layOut(linked(1), 1, [], ROOM);
    await store.putPages(ID, added);
    const layout = (signature: number) => layOut(linked(signature), signature, pages, ROOM, true);
    expect(layout(2)).toMatchObject({ pages, added: [] });
    const signatures = async () => {
      const texts = (await store.pages(ID, pages)).map((packed) => unpack(packed).join());
      return texts.map((text) => [...new Set(text.match(/(?<=\?s=)\d/g))].join());
    };
    const others = pages.slice(1).map(() => '3');

    expect(await store.renewPages(ID, layout(3).renewed, 3)).toEqual([]);
    expect(await signatures()).toEqual(['3', ...others]);
    const slow = layout(2).renewed;
    expect(await store.renewPages(ID, slow, 2)).toEqual(slow);
    expect(await signatures()).toEqual(['3', ...others]);

    const losing = snapshotStore({ client: losingAnswers(engine.client), table, retentionDays: 10, now: () => now });
    const [first] = layout(4).renewed;
    expect(await losing.renewPages(ID, first ? [first] : [], 4)).toEqual([]);
    expect(await signatures()).toEqual(['4', ...others]);

    await store.expirePages(ID, pages.slice(0, 1), 1, now);
    const missing = { introduced: 9, hash: 'missing', count: 1, rows: 1, packed: Buffer.of(1) };
    expect(await store.renewPages(ID, [...layout(5).renewed.slice(0, 1), missing], 5)).toHaveLength(2);
    expect(await signatures()).toEqual(['4', ...others]);
    await expect(store.pages(ID, [missing])).rejects.toThrow('missing');
  });

  it('lets pages that no history row can name go after a day', async () => {
    const { pages, added } = layOut(
      items(400, () => randomBytes(60).toString('hex')),
      3,
      [],
      ROOM,
    );
    await store.putPages(ID, added);
    await store.expirePages(ID, pages, 3, now);
    now += DAY - 1000;
    expect(await store.pages(ID, pages)).toHaveLength(pages.length);
    now += 1000;
    await expect(store.pages(ID, pages)).rejects.toThrow('missing');
  });

  it('lets a refresh end only with the publish intent that it found or made', async () => {
    const due = await claimed();
    await store.recordPublishIntent(ID, { due: due, found: undefined, publishedAt: 0 }, 7);
    const attempt = { ...ENDING, from: due, next: now + 1, attempt: now, begun: now, outcome: success };
    expect(await store.finish(ID, { ...attempt, intent: undefined })).toBeUndefined();
    expect(await store.finish(ID, { ...attempt, intent: 6 })).toBeUndefined();
    expect(await store.finish(ID, { ...attempt, intent: 7 })).toBeDefined();
    expect(await schedule()).toMatchObject({ publishIntent: undefined, due: now + 1 });
  });

  it('counts a write whose answer was lost, and that is sent again, as made', async () => {
    const losing = snapshotStore({ client: losingAnswers(engine.client), table, retentionDays: 10, now: () => now });
    const until = now + 30_000;
    expect(await losing.claim(ID, undefined, now, until)).toBe(true);
    expect(await losing.recordPublishIntent(ID, { due: until, found: undefined, publishedAt: 0 }, 1)).toBe(true);
    expect(await losing.advance(ID, snapshot(), 0)).toBe(true);
    expect(await losing.advance(ID, snapshot({ revision: 2 }), 1)).toBe(true);
    expect(await losing.fence(ID, await losing.read(ID), 3)).toBe(true);
    expect(await losing.advance(ID, snapshot({ revision: 3 }), 2)).toBe(false);
    const attempt = { ...ENDING, from: until, next: now + DAY, intent: 1, attempt: now, begun: now, outcome: success };
    expect(await losing.finish(ID, attempt)).toBeDefined();
    expect(await losing.expedite(ID, now + 1)).toBe(true);
    expect(await losing.claim(ID, await schedule(), now, until)).toBe(true);
  });

  it('forgets a group whose due time and revision still stand, wholly', async () => {
    const due = await claimed();
    await store.advance(ID, snapshot(), 0);
    expect(await store.drop(ID, { due, revision: 1, begun: now })).toBe(true);
  });

  it('deletes no group that was published or tracked in the meantime', async () => {
    const due = await claimed();
    await store.advance(ID, snapshot(), 0);
    expect(await store.drop(ID, { due, revision: 2, begun: now })).toBe(false);
    expect((await store.read(ID)).snapshot).toBeDefined();
    expect(await store.drop(ID, { due: due - 1, revision: 1, begun: now })).toBe(false);
    expect(await schedule()).toBeDefined();
    expect(await store.drop(ID, { due, revision: 2, begun: now })).toBe(true);
    // The number of its last version stays while events of it can arrive.
    expect(await rowsOf(engine.client, table)).toMatchObject([
      { sk: 'head#current', version: 1, revision: 3, expires: Math.floor(now / 1000) + 33 * 86_400 },
    ]);
  });

  it('writes a schema version into every row', async () => {
    await claimed();
    const { added, pages } = layOut(
      items(400, () => randomBytes(60).toString('hex')),
      1,
      [],
      ROOM,
    );
    await store.putPages(ID, added);
    await store.advance(ID, snapshot({ pages }), 0);
    await store.archive(ID, { ...snapshot({ pages }), confirmedUntil: 1 }, now);
    const rows = await rowsOf(engine.client, table);
    expect(rows.length).toBe(added.length + 3);
    expect(rows.every((row) => row.v === 1)).toBe(true);
  });
});
