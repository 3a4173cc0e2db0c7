import { PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { groupIndex } from '../../../../functions/adapters/dynamodb/group-index.ts';
import { erase, redact } from '../../../../functions/domain/erasure/erase.ts';
import { PHASES } from '../../../../functions/domain/group/phase.ts';
import { redacted } from '../../../../functions/domain/group/redact.ts';
import { GroupView, groupView } from '../../../../functions/domain/groups/group-view.ts';
import { diffBody } from '../../../../functions/domain/history/diff-answer.ts';
import { groupDiff } from '../../../../functions/domain/history/group-diff.ts';
import { groupHistory } from '../../../../functions/domain/history/group-history.ts';
import { type Engine, enginesOf, kindOfRow, rowsOf } from '../../../fakes/engine.ts';
import { type Service, startService } from '../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

/** What no database, map or parser likes. */
const ODD = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  'a\udc00b',
  '\udbff\udbff',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'OTHER',
  '.',
  '#',
  '$',
  ':set_due',
  '"\\\n',
  `${'x'.repeat(39)}💥`,
  'x'.repeat(41),
  'x'.repeat(1_000),
  '\ud800'.repeat(1_000),
  'x'.repeat(1_001),
  'x'.repeat(100_000),
  'x'.repeat(500_000),
];
const Text = fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: 'binary', maxLength: 60 }));
const Status = fc.option(fc.oneof(fc.constantFrom('COMPLETED', 'IN_PROGRESS'), Text), { nil: null });
const Total = fc.constantFrom(
  (n: number) => `${n}`,
  (n: number) => `${n}.000`,
  (n: number) => `${n}e0`,
  (n: number) => `${n}.${'0'.repeat(500_000)}`,
);
const Version = fc.record({
  overall: Status,
  total: Total,
  items: fc.array(fc.record({ id: Text, status: Status, name: Text }), { maxLength: 4 }),
});
type Version = typeof Version extends fc.Arbitrary<infer V> ? V : never;

const uniqueItems = ({ items }: Version) => [...new Map(items.map((item) => [item.id, item])).values()];
const textOf = ({ id, status, name }: Version['items'][number]) =>
  `{"id":${JSON.stringify(id)},"status":${JSON.stringify(status)},"service":${JSON.stringify({ name })},${JSON.stringify(name)}:1}`;
const lengthOf = (value: string | null) => value?.length ?? 0;
/** Whether a version can be stored: what cannot is refused as malformed. */
const isUsable = (version: Version) =>
  lengthOf(version.overall) <= 1_000 &&
  version.total(1).length <= 40 &&
  version.items.every(({ id, status }) => id !== '' && id.length <= 1_000 && lengthOf(status) <= 1_000);

describe.each(enginesOf(inject('size')).filter(({ available }) => available))('on $name', ({ start }) => {
  let engine: Engine;
  let service: Service;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.stop());
  beforeEach(async () => {
    service = await startService(engine);
  });

  const queue = { enqueue: async () => {} };
  const deps = () => ({ store: service.bare, ledger: { record: async () => {} }, queue, now: () => service.clock.now });

  function hold(version: Version): string[] {
    const items = uniqueItems(version).map(textOf);
    service.anycheck.before = () => {};
    service.anycheck.groups.set(ID, {
      overallText: JSON.stringify(version.overall),
      overall: '',
      total: version.total(items.length),
      items,
    });
    return items;
  }

  async function expectRefreshed(version: Version, published: boolean): Promise<void> {
    const items = hold(version);
    const result = await service.refresh(ID);
    if (!isUsable(version)) {
      expect(result).toMatchObject({ kind: 'failed', error: { reason: 'MALFORMED' } });
      return;
    }
    expect(['published', ...(published ? ['unchanged'] : [])]).toContain(result.kind);
    expect((await service.read(ID)).items.toSorted()).toEqual(items.toSorted());
  }

  /** The group is shown, listed, and its history and differences are returned. */
  async function expectReadable(): Promise<void> {
    const index = groupIndex(engine.client, service.table);
    const group = (await index.get(ID)) ?? expect.fail('the group is not tracked');
    // The text that the API answers with.
    const view: unknown = JSON.parse(JSON.stringify(groupView(group)));
    const { total, overall_status } = GroupView.parse(view);
    expect(group.schedule.summary?.overallStatus ?? overall_status ?? '').toSatisfy((text: string) =>
      text.isWellFormed(),
    );
    const { status_counts } = z.object({ status_counts: z.custom<Record<string, number>>() }).parse(view);
    expect(Object.values(status_counts).reduce((sum, count) => sum + count, 0)).toBe(total ?? 0);
    const listed = await Promise.all(
      PHASES.map((phase) => index.list({ phase, overallStatus: undefined, isFailing: false }, { order: 'newest' }, 10)),
    );
    expect(listed.flatMap(({ found }) => found.map(({ resultId }) => resultId))).toContain(ID);
    const reading = { store: service.bare, history: service.deps.history, now: () => service.clock.now };
    const versions = (await groupHistory(reading, ID, undefined, 10))?.items ?? [];
    const current = (await service.bare.read(ID)).snapshot?.version ?? 0;
    expect(versions.map(({ version }) => version)).toEqual(Array.from({ length: current }, (_, i) => current - i));
    for (let from = 1; from <= current; from++) {
      const diff = await groupDiff(service.bare, ID, from, current);
      JSON.parse(diff ? diffBody(diff.from, diff.to, diff.differences) : 'no diff');
    }
  }

  async function expectErased(): Promise<void> {
    await erase(deps(), ID);
    await expect(service.read(ID)).rejects.toMatchObject({ status: 404 });
    for (let refreshes = 0; refreshes < 4; refreshes++) {
      const { schedule } = await service.bare.read(ID);
      if (schedule?.due === undefined) break;
      await service.refresh(ID);
    }
    expect((await rowsOf(engine.client, service.table)).map(kindOfRow).sort()).toEqual([
      'event#group.erased',
      'head#current',
      'head#schedule',
    ]);
  }

  it('a value of AnyCheck’s is stored and served, or refused as malformed, and never crashes anything', {
    timeout: 120_000,
  }, async () => {
    const property = fc.asyncProperty(Version, Version, async (first, second) => {
      service = await startService(engine);
      await service.track(ID);
      await expectRefreshed(first, false);
      await expectRefreshed(second, isUsable(first));
      if (!isUsable(first) && !isUsable(second)) return;
      await expectReadable();
      await redact(deps(), ID);
      const items = hold(isUsable(second) ? second : first).map(redacted);
      expect((await service.read(ID)).items.toSorted()).toEqual(items.toSorted());
      await service.refresh(ID);
      expect((await service.read(ID)).items.toSorted()).toEqual(items.toSorted());
      await expectReadable();
      await expectErased();
    });
    await fc.assert(property, { numRuns: inject('size').valueRuns, seed: inject('seed') });
  });

  it.each(ODD.filter((text) => text.length <= 60))(
    'a status %j of an item and of the whole is counted, and served',
    async (status) => {
      const version = (first: string) => ({
        overall: first,
        total: String,
        items: [
          { id: 'a', status: first, name: 'KTP' },
          { id: 'b', status: null, name: 'KTP' },
        ],
      });
      await service.track(ID);
      await expectRefreshed(version('IN_PROGRESS'), false);
      await expectRefreshed(version(status), false);
      await expectReadable();
      const reading = { store: service.bare, history: service.deps.history, now: () => service.clock.now };
      const [latest] = (await groupHistory(reading, ID, undefined, 1))?.items ?? [];
      expect(latest?.transitions).toEqual([{ verification_id: 'a', from: 'IN_PROGRESS', to: status }]);
    },
  );

  it('transitions that a row cannot hold are cut, and the counts stay', async () => {
    const version = (status: string): Version => ({
      overall: 'COMPLETED',
      total: String,
      items: Array.from({ length: 2_000 }, (_, i) => ({
        id: `${i}-${'é'.repeat(900)}`,
        status: `${status}${i}`,
        name: '',
      })),
    });
    await service.track(ID);
    for (const status of ['A', 'B']) {
      hold(version(status));
      expect(await service.refresh(ID)).toMatchObject({ kind: 'published' });
    }
    const reading = { store: service.bare, history: service.deps.history, now: () => service.clock.now };
    const [latest] = (await groupHistory(reading, ID, undefined, 1))?.items ?? [];
    expect(latest).toMatchObject({ version: 2, changed: 2_000 });
    expect(latest?.transitions.length).toBeGreaterThan(100);
    expect(latest?.transitions.length).toBeLessThan(2_000);
  });

  it('a group of more items than a row can name the pages of is too large', async () => {
    await service.track(ID);
    service.anycheck.groups.set(ID, { overall: 'COMPLETED', total: '9007199254740991', items: ['{"id":"a"}'] });
    expect(await service.refresh(ID)).toMatchObject({ kind: 'failed', error: { reason: 'TOO_LARGE' } });
  });

  it.each(['head#schedule', 'head#current', 'history#', 'change#', 'page#'])(
    'a group whose numbers in %s rows are none is erased',
    async (prefix) => {
      await service.track(ID);
      const filler = Array.from(
        { length: 90 },
        (_, i) => `${i}-${Buffer.from(`${Math.random()}`.repeat(9)).toString('base64')}`,
      );
      for (const status of ['IN_PROGRESS', 'COMPLETED']) {
        const items = filler.map((name, i) => `{"id":"i${i}","status":"${status}","name":"${name}"}`);
        service.anycheck.groups.set(ID, { overall: status, items });
        await service.refresh(ID);
      }
      // The keys of the indexes are checked by DynamoDB itself.
      const checked = new Set(['due']);
      for (const row of await rowsOf(engine.client, service.table)) {
        if (!String(row.sk).startsWith(prefix)) continue;
        const damaged = Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'number' && !checked.has(name) ? 'no number' : value,
        ]);
        await engine.client.send(new PutCommand({ TableName: service.table, Item: Object.fromEntries(damaged) }));
      }
      await expectErased();
      expect(await service.bare.track(ID, service.clock.now)).toBe('accepted');
      const version = (await service.bare.read(ID)).version;
      expect(version).toBeGreaterThanOrEqual(2);
      service.anycheck.groups.set(ID, { overall: 'COMPLETED', items: [] });
      expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: version + 1 });
    },
  );
});
