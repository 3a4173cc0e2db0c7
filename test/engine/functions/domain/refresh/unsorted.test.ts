import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { groupHistory } from '../../../../../functions/domain/history/group-history.ts';
import { verification, verifications } from '../../../../fakes/anycheck.ts';
import { type Engine, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { type Service, startService } from '../../../../fakes/service.ts';
import { shuffled } from '../../../../fakes/shuffled.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

let engine: Engine;
let service: Service;
let seed: number;

beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  seed = inject('seed');
  service = await startService(engine);
  await service.track(ID);
});

const hold = (items: string[], overall = 'IN_PROGRESS') => service.anycheck.groups.set(ID, { overall, items });
const stored = () => service.bare.read(ID);
const pageRows = async () =>
  (await rowsOf(engine.client, service.table)).filter(({ sk }) => `${sk}`.startsWith('page#'));

/** AnyCheck lists the items of these texts in another order at every call, or at every first page. */
function shuffle(items: string[], each: 'call' | 'attempt'): void {
  hold(items);
  service.anycheck.before = (_, offset) => {
    if (each === 'call' || offset === 0) hold(shuffled(items, seed++));
  };
}

describe('a list whose order AnyCheck changes', () => {
  it.each([5, 40])('at every call makes no version and no history (%i items)', async (count) => {
    shuffle(verifications(count), 'call');
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 1 });
    const first = await service.served(ID);
    for (let i = 0; i < 10; i++) expect(await service.refresh(ID)).toMatchObject({ kind: 'unchanged', version: 1 });
    expect(await service.served(ID)).toEqual(first);
    const deps = { store: service.bare, history: service.deps.history, now: () => service.clock.now };
    expect((await groupHistory(deps, ID, undefined, 100))?.items).toHaveLength(1);
  });

  it('at every call is served whole, though no attempt shows all of its 250 items', async () => {
    shuffle(verifications(250), 'call');
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 1 });
    expect((await service.served(ID))?.toSorted()).toEqual(verifications(250).toSorted());
    const calls = service.anycheck.calls;
    expect(calls).toBeLessThanOrEqual(60);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'unchanged', version: 1 });
  });

  it('writes nothing, whatever the order: no version and no page', async () => {
    const items = verifications(400);
    hold(items);
    await service.refresh(ID);
    const rows = await pageRows();
    const orders = fc.asyncProperty(fc.integer(), fc.constantFrom('call', 'attempt'), async (drawn, each) => {
      seed = drawn;
      shuffle(items, each);
      expect(await service.refresh(ID)).toMatchObject({ kind: 'unchanged', version: 1 });
      expect(await pageRows()).toEqual(rows);
      expect(await service.served(ID)).toEqual(items);
    });
    await fc.assert(orders, { numRuns: 20, seed: inject('seed') });
  });

  it('with one of 10,000 items changed writes at most 3 pages, and keeps the order of the others', async () => {
    const items = verifications(10_000);
    hold(items);
    await service.refresh(ID);
    const before = (await stored()).snapshot?.pages ?? [];
    const changed = items.with(5000, verification('item-5000', 'FAILED'));
    shuffle(changed, 'attempt');
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 2 });
    const after = (await stored()).snapshot?.pages ?? [];
    const added = after.filter((page) => page.introduced === 2);
    expect(added.length).toBeLessThanOrEqual(3);
    expect(before.length + added.length - after.length).toBeLessThanOrEqual(3);
    expect(await service.served(ID)).toEqual(changed);
  });

  it('is read page by page as one order, also across a revision with renewed links', async () => {
    const items = (signature: number) =>
      verifications(300).map((text, i) =>
        text.replace('}', `,"output_file_url":"https://files.example/${i}?s=${signature}"}`),
      );
    hold(items(0));
    await service.refresh(ID);
    const { snapshot: first, items: front } = await service.read(ID);
    service.clock.now += 2 * 3_600_000;
    shuffle(items(1), 'attempt');
    expect(await service.refresh(ID)).toMatchObject({ kind: 'revised', version: 1 });
    const pinned = `&snapshot_version=${first.version}`;
    const rest = [];
    for (const offset of [100, 200]) rest.push(...(await service.read(ID, `${pinned}&page_offset=${offset}`)).items);
    const ids = [...front, ...rest].map((text) => JSON.parse(text).id);
    expect(ids).toEqual(items(0).map((text) => JSON.parse(text).id));
    expect(await service.served(ID)).toEqual(items(1));
  });
});

describe('a new version', () => {
  it.each([
    ['puts a new item behind the one that AnyCheck lists before it', ['c', 'a', 'new', 'b'], ['a', 'new', 'b', 'c']],
    ['puts a new item first where AnyCheck lists it first', ['new', 'b', 'c', 'a'], ['new', 'a', 'b', 'c']],
    ['keeps AnyCheck’s order where an id comes twice', ['b', 'a', 'a', 'c'], ['b', 'a', 'a', 'c']],
    ['leaves out what is gone, and nothing else moves', ['c', 'new', 'a'], ['a', 'c', 'new']],
    ['keeps a changed item in its place where the others are in no order', ['c', 'a', 'b!'], ['a', 'b!', 'c']],
    ['moves a changed item as AnyCheck does where the others keep theirs', ['b!', 'a', 'c'], ['b!', 'a', 'c']],
  ])('%s', async (_, listed, expected) => {
    const item = (name: string) => verification(name.replace('!', ''), name.endsWith('!') ? 'FAILED' : 'COMPLETED');
    hold(['a', 'b', 'c'].map(item));
    await service.refresh(ID);
    hold(listed.map(item));
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 2 });
    expect(await service.served(ID)).toEqual(expected.map(item));
  });
});
