import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROOM } from '../../../../../functions/adapters/dynamodb/page-rows.ts';
import { itemOf } from '../../../../../functions/domain/group/group.ts';
import { layOut, pack, unpack } from '../../../../../functions/domain/group/pages.ts';
import { verification } from '../../../../fakes/anycheck.ts';

/** Packs so badly that some dozens don't stand inline any more. */
const checksums = (id: string) =>
  [1, 2, 3, 4].map((n) => createHash('sha512').update(`${id}/${n}`).digest('hex')).join();
const item = (id: string, status = 'COMPLETED') =>
  itemOf({ id, status, text: verification(id, status, `,"checksums":"${checksums(id)}"`) });
const group = (seed: number, count: number) => Array.from({ length: count }, (_, i) => item(`${seed}/${i}`));

const cases = fc.record({ seed: fc.nat(), count: fc.integer({ min: 60, max: 400 }), at: fc.nat() });

describe('the pages of a group', () => {
  it('are alike: 60 items at most, about 17 on average', () => {
    const { pages } = layOut(group(1, 5_000), 1, [], ROOM);
    expect(Math.max(...pages.map(({ count }) => count))).toBeLessThanOrEqual(60);
    expect(5_000 / pages.length).toBeGreaterThan(15);
    expect(5_000 / pages.length).toBeLessThan(19);
  });

  it.each<[string, (items: ReturnType<typeof group>, at: number) => ReturnType<typeof group>]>([
    ['is inserted', (items, at) => items.toSpliced(at, 0, item('new'))],
    ['goes', (items, at) => items.toSpliced(at, 1)],
    ['changes', (items, at) => items.with(at, item(items[at]?.id ?? '', 'FAILED'))],
  ])('stay what they were where an item %s, but for three', (_, edit) => {
    fc.assert(
      fc.property(cases, ({ seed, count, at }) => {
        const items = group(seed, count);
        const { pages } = layOut(items, 1, [], ROOM);
        const after = layOut(edit(items, at % count), 2, pages, ROOM);
        expect(after.added.length).toBeLessThanOrEqual(3);
        expect(after.pages.reduce((sum, page) => sum + page.count, 0)).toBe(edit(items, at % count).length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the current record', () => {
  const likeItems = (count: number, text: (i: number) => string) =>
    Array.from({ length: count }, (_, i) =>
      itemOf({ id: `${i}`, status: null, text: verification(`${i}`, 'COMPLETED', `,"x":"${text(i)}"`) }),
    );

  it('holds the items if they fit, whatever the ratio in which they pack', () => {
    const padding = 'a'.repeat(100);
    expect(layOut(group(1, 10), 1, [], ROOM).inline).toBeDefined();
    expect(
      layOut(
        likeItems(600, () => padding),
        1,
        [],
        ROOM,
      ).inline,
    ).toBeDefined();
    expect(
      layOut(
        likeItems(120, (i) => (i < 60 ? padding : checksums(`${i}`))),
        1,
        [],
        ROOM,
      ).inline,
    ).toBeUndefined();
    expect(layOut([], 1, [], ROOM).inline).toHaveLength(pack([]).length);
  });
});

describe('renewed links', () => {
  const linked = (id: string, signature: number, size = 0) =>
    itemOf({
      id,
      status: null,
      text: verification(
        id,
        'COMPLETED',
        `,"output_file_url":"https://f.example/o?s=${signature}","checksums":"${checksums(id)}","scan":"${noise(id, size)}"`,
      ),
    });
  const noise = (id: string, size: number) =>
    createHash('shake256', { outputLength: size }).update(id).digest('base64');

  it('take the rows of stored pages, but for a page that has or needs several rows', () => {
    const items = (signature: number, size: number) =>
      Array.from({ length: 60 }, (_, i) => linked(`${i}`, signature, i === 30 ? size : 0));
    const small = layOut(items(1, 0), 1, [], ROOM);
    expect(layOut(items(2, 0), 2, small.pages, ROOM, true)).toMatchObject({ pages: small.pages, added: [] });
    const large = layOut(items(1, ROOM.rowBytes), 1, [], ROOM);
    const { pages, added, renewed } = layOut(items(2, ROOM.rowBytes), 2, large.pages, ROOM, true);
    expect(added.map(({ introduced, count }) => ({ introduced, count }))).toEqual([{ introduced: 2, count: 1 }]);
    expect(renewed).toHaveLength(pages.length - 1);
    expect(new Set(renewed.map(({ introduced }) => introduced))).toEqual(new Set([1]));
    const narrow = { ...ROOM, rowBytes: 100 };
    expect(layOut(items(2, 0), 2, small.pages, narrow, true)).toMatchObject({ renewed: [] });
  });
});

describe('a packed page', () => {
  const texts = [verification('a'), verification('b', 'FAILED', ',"name":"Siti, 李明"')];
  /** `pack(texts)` in base64, as an earlier build stored it: a change of the example or of the compression shows here. */
  const STORED = 'KLUv/SSY5QEA0HsiIn0KYkZBSUxFRFNpdGksIOadjuaYjiJ9CwD8ZAED5sAHGSzg1wgZdhBcfBcfzBYOk4tgl7w7YlEsqyxFcw==';

  it('is read as it was packed, also from the bytes that an earlier build stored', () => {
    expect(unpack(pack(texts))).toEqual(texts);
    expect(unpack(Buffer.from(STORED, 'base64'))).toEqual(texts);
  });

  it('is not served where a bit of it is another one', () => {
    const packed = pack(texts);
    const broken = Buffer.from(packed);
    broken[20] = (broken[20] ?? 0) ^ 1;
    expect(() => unpack(broken)).toThrow();
  });
});
