import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROOM } from '../../../../../functions/adapters/dynamodb/page-rows.ts';
import { itemOf } from '../../../../../functions/domain/group/group.ts';
import { layOut } from '../../../../../functions/domain/group/pages.ts';
import type { Page } from '../../../../../functions/domain/group/snapshot.ts';
import { type Difference, diffOf } from '../../../../../functions/domain/history/diff.ts';
import { Diff, diffBody } from '../../../../../functions/domain/history/diff-answer.ts';
import { exactly, patched } from '../../../../fakes/json-patch.ts';

/** Keeps what was laid out, and which pages were read. */
function shelf() {
  const stored = new Map<string, Uint8Array>();
  const nameOf = ({ introduced, hash }: Page) => `${introduced} ${hash}`;
  const read: string[] = [];
  let revision = 0;
  return {
    read,
    held(items: readonly Item[], kept: readonly Page[] = []) {
      const all = items.map(({ id, text }) => itemOf({ id, status: null, text }));
      const { inline, pages, added } = layOut(all, ++revision, kept, ROOM);
      for (const page of added) stored.set(nameOf(page), Buffer.from(page.packed));
      return { inline, pages };
    },
    async load(pages: readonly Page[]) {
      read.push(...pages.map(nameOf));
      return pages.map((page) => stored.get(nameOf(page)) ?? Buffer.alloc(0));
    },
  };
}

interface Item {
  readonly id: string;
  readonly text: string;
}

const item = (id: string | number, more = '"n":1.50'): Item => ({ id: String(id), text: `{"id":"${id}",${more}}` });
/** One that packs badly: some hundreds of them stand in pages. */
const heavy = (id: number, more = '"n":1.50'): Item =>
  item(id, `"checksum":"${createHash('shake256', { outputLength: 300 }).update(String(id)).digest('base64')}",${more}`);
const light = (id: number, more = '"n":1.50') =>
  item(id, `"checksum":"${createHash('md5').update(String(id)).digest('hex')}",${more}`);
const group = (count: number) => Array.from({ length: count }, (_, i) => heavy(i));

async function differences(before: readonly Item[], after: readonly Item[], isRedacted = false) {
  const { held, load, read } = shelf();
  const from = held(before);
  return { found: await diffOf(from, held(after, from.pages), { load, isRedacted }), read, from };
}

/** What the group before becomes by what is said of it: ids in their order, with their contents; an added one's isn't told. */
function applied(before: readonly Item[], found: readonly Difference[]) {
  const goes = ({ change, moved }: Difference) => change === 'removed' || change === 'moved' || moved === true;
  const comes = ({ change, moved }: Difference) => change === 'added' || change === 'moved' || moved === true;
  const gone = new Set(found.filter(goes).map(({ verificationId }) => verificationId));
  const contents = new Map(before.map(({ id, text }) => [id, exactly(text)]));
  const order = before.flatMap(({ id }) => (gone.has(id) ? [] : id));
  for (const one of found) {
    if (comes(one)) order.splice(one.toIndex ?? -1, 0, one.verificationId);
    if (one.patch) contents.set(one.verificationId, patched(before[one.fromIndex ?? -1]?.text ?? '', one.patch));
  }
  return order.map((id) => ({ id, content: contents.get(id) }));
}

function expectWhole(before: readonly Item[], after: readonly Item[], found: readonly Difference[]) {
  const known = new Set(before.map(({ id }) => id));
  expect(applied(before, found)).toEqual(
    after.map(({ id, text }) => ({ id, content: known.has(id) ? exactly(text) : undefined })),
  );
  const places = found.map(({ verificationId: id }) => ({
    from: before.findIndex((item) => item.id === id),
    to: after.findIndex((item) => item.id === id),
  }));
  expect(found.map(({ fromIndex, toIndex }) => ({ from: fromIndex ?? -1, to: toIndex ?? -1 }))).toEqual(places);
}

describe('a diff of two snapshots', () => {
  it('is empty for two that are the same, and reads no page that both have', async () => {
    expect((await differences([item('a')], [item('a')])).found).toEqual([]);
    const { found, read, from } = await differences(group(600), group(600));
    expect(from.pages.length).toBeGreaterThan(4);
    expect([found, read]).toEqual([[], []]);
    expect((await differences([], [])).found).toEqual([]);
  });

  it('returns what was removed, added, moved and changed, in that order of places', async () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => item(id));
    const after = [item('f'), item('a'), item('new'), item('c', '"n":1.5'), item('e', '"n":1.50'), item('b', '"n":2')];
    expect((await differences(before, after)).found).toEqual([
      { verificationId: 'd', change: 'removed', fromIndex: 3, toIndex: null },
      { verificationId: 'f', change: 'moved', fromIndex: 5, toIndex: 0 },
      { verificationId: 'new', change: 'added', fromIndex: null, toIndex: 2 },
      {
        verificationId: 'c',
        change: 'changed',
        fromIndex: 2,
        toIndex: 3,
        moved: false,
        patch: '[{"op":"replace","path":"/n","value":1.5}]',
      },
      {
        verificationId: 'b',
        change: 'changed',
        fromIndex: 1,
        toIndex: 5,
        moved: true,
        patch: '[{"op":"replace","path":"/n","value":2}]',
      },
    ]);
  });

  it('makes of any group any other, and moves as few as can be', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 8 });
    const groups = fc.tuple(
      ids,
      fc.array(fc.constantFrom('1.5', '1.50', '{"a":[1,2]}', '{"a":[2]}'), { minLength: 8, maxLength: 8 }),
    );
    const itemsOf = ([all, values]: [number[], string[]]) => all.map((id, i) => item(id, `"n":${values[i]}`));
    await fc.assert(
      fc.asyncProperty(groups, groups, async (one, other) => {
        const [before, after] = [itemsOf(one), itemsOf(other)];
        const { found } = await differences(before, after);
        expectWhole(before, after, found);
        const common = after.filter(({ id }) => before.some((was) => was.id === id));
        const places = common.map(({ id }) => before.findIndex((was) => was.id === id));
        const moved = found.filter((one) => one.change === 'moved' || one.moved);
        expect(moved).toHaveLength(places.length - longest(places));
      }),
    );
  });

  it('is the same for groups in pages, whatever of them is read', async () => {
    const before = group(700);
    const edits = fc.array(
      fc.tuple(fc.constantFrom('cut', 'move', 'change', 'insert'), fc.nat(699), fc.nat(699), fc.nat(120)),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(edits, async (steps) => {
        const after = [...before];
        for (const [what, at, other, many] of steps) {
          if (what === 'insert') after.splice(at, 0, heavy(1000 + after.length * 700 + at));
          else if (what === 'change') after.splice(at, 1, heavy(Number(after[at]?.id ?? at), '"n":1.5'));
          else {
            const cut = after.splice(at, many);
            if (what === 'move') after.splice(other, 0, ...cut);
          }
        }
        const { found, read } = await differences(before, unique(after));
        expectWhole(before, unique(after), found);
        if (found.length === 0) expect(read).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('moves whole pages where that is less, and reads none but those', async () => {
    const before = group(600);
    const { held, load, read } = shelf();
    const from = held(before);
    const first = from.pages[0];
    if (!first) throw new Error('nothing is in pages');
    const after = [...before.slice(first.count), ...before.slice(0, first.count)];
    const found = await diffOf(from, held(after, from.pages), { load, isRedacted: false });
    expectWhole(before, after, found);
    expect(found).toHaveLength(first.count);
    expect(new Set(found.map(({ change }) => change))).toEqual(new Set(['moved']));
    expect(read).toContain(`1 ${first.hash}`);
    // What moved, and what it stood beside there and stands beside here: the ends of pages depend on their neighbours.
    expect(read.length).toBeLessThanOrEqual(6);
  });

  it('does not count renewed links, and reads no page that was only stored anew for them', async () => {
    const linked = (query: string) =>
      Array.from({ length: 600 }, (_, i) => heavy(i, `"a_file_url":"https://f/${i}?${query}"`));
    const { held, load, read } = shelf();
    const found = await diffOf(held(linked('x=1')), held(linked('x=2')), { load, isRedacted: false });
    expect([found, read]).toEqual([[], []]);

    const link = (query: string, status: string) => [
      item('a', `"status":"${status}","a_file_url":["https://f/a?${query}"]`),
    ];
    expect((await differences(link('x=1', 'A'), link('x=2', 'A'))).found).toEqual([]);
    const [change] = (await differences(link('x=1', 'A'), link('x=2', 'B'))).found;
    expect(JSON.parse(change?.patch ?? '')).toEqual([
      { op: 'replace', path: '/status', value: 'B' },
      { op: 'replace', path: '/a_file_url/0', value: 'https://f/a?x=2' },
    ]);
  });

  it('does not count what is only spelled otherwise', async () => {
    const { found } = await differences([item('a', '"b":"/","c":1,"c":2')], [item('a', String.raw`"c":2,"b":"\/"`)]);
    expect(found).toEqual([]);
  });

  it('shows nothing of a redacted group that is redacted', async () => {
    const before = [item('a', '"status":"A","name":"Budi"'), item('b', '"name":"Budi"')];
    const after = [item('a', '"status":"B","name":"Siti"'), item('b', '"name":"Siti"')];
    expect((await differences(before, after, true)).found).toEqual([
      {
        verificationId: 'a',
        change: 'changed',
        fromIndex: 0,
        toIndex: 0,
        moved: false,
        patch: '[{"op":"replace","path":"/status","value":"B"}]',
      },
    ]);
  });

  it.each([
    ['all changed', 10_000, (all: Item[]) => all.map(({ id }) => light(Number(id), '"n":1.5'))],
    ['all turned round', 9999, (all: Item[]) => all.toReversed()],
    ['one put in', 1, (all: Item[]) => all.toSpliced(5000, 0, light(10_000))],
  ])('of 10,000 items applies: %s', async (_, many, edit) => {
    const before = Array.from({ length: 10_000 }, (_, i) => light(i));
    const after = edit(before);
    const { found } = await differences(before, after);
    expect(applied(before, found).map(({ id }) => id)).toEqual(after.map(({ id }) => id));
    expect(found).toHaveLength(many);
  });
});

describe('the answer of a diff', () => {
  it('has the documented form, and every digit', async () => {
    const before = [item('a'), item('b'), item('e'), item('c')];
    const after = [item('c'), item('a', '"n":1.5000,"m":12345678901234567890123'), item('e')];
    const { found } = await differences(before, after);
    const body = diffBody(
      { version: 3, totalText: '4', overallStatusText: '"IN_PROGRESS"' },
      { version: 5, totalText: '3', overallStatusText: 'null' },
      found,
    );
    expect(body).toBe(
      `{"from":3,"to":5,"total":{"from":4,"to":3},"overall_status":{"from":"IN_PROGRESS","to":null},"verifications":[${[
        '{"verification_id":"b","change":"removed","from_index":1,"to_index":null}',
        '{"verification_id":"c","change":"moved","from_index":3,"to_index":0}',
        '{"verification_id":"a","change":"changed","from_index":0,"to_index":1,"moved":false,"patch":[' +
          '{"op":"add","path":"/m","value":12345678901234567890123},{"op":"replace","path":"/n","value":1.5000}]}',
      ].join()}]}`,
    );
    expect(Diff.parse(JSON.parse(body))).toEqual(JSON.parse(body));
    expect(() => Diff.parse({ ...JSON.parse(body), total: 2 })).toThrow();
  });
});

const unique = (items: readonly Item[]) => [...new Map(items.map((one) => [one.id, one])).values()];

/** Of the longest increasing subsequence, every one tried. */
function longest(places: readonly number[]): number {
  let best = 0;
  for (let bits = 0; bits < 2 ** places.length; bits++) {
    const chain = places.filter((_, i) => (bits >> i) & 1);
    if (chain.every((place, i) => i === 0 || place > (chain[i - 1] ?? 0))) best = Math.max(best, chain.length);
  }
  return best;
}
