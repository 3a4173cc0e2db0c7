import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patchOf } from '../../../../../functions/domain/history/patch.ts';
import { elements } from '../../../../../functions/domain/json/json.ts';
import { exactly, patched } from '../../../../fakes/json-patch.ts';
import { jsonTexts } from '../../../../fakes/json-texts.ts';

const { value, array, object } = jsonTexts;

function applies(from: string, to: string): string {
  const patch = patchOf(from, to);
  expect(patched(from, patch)).toEqual(exactly(to));
  return patch;
}

describe('a patch', () => {
  it('makes of any value any other, digits included', () => {
    for (const texts of [value, array, object]) {
      const pairs = fc.property(texts, texts, (from, to) => {
        applies(from, to);
      });
      fc.assert(pairs, { numRuns: 300 });
    }
  });

  it('makes of any array what is left of it after a few steps', () => {
    const steps = fc.array(fc.tuple(fc.nat(), fc.nat(2), value), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), steps, (before, taken) => {
        const after = [...before];
        for (const [at, many, text] of taken)
          after.splice(at % (after.length + 1), many, ...(many === 2 ? [] : [text]));
        applies(`[${before.join()}]`, `[${after.join()}]`);
      }),
    );
  });

  it('makes of any array any other that holds the same few elements often', () => {
    const similar = fc
      .array(fc.constantFrom('0', '0.0', '[]', '[0]'), { maxLength: 24 })
      .map((all) => `[${all.join()}]`);
    const pairs = fc.property(similar, similar, (from, to) => {
      applies(from, to);
    });
    fc.assert(pairs, { numRuns: 500 });
  });

  it('is empty for a value and itself, and for values that differ in spelling and order alone', () => {
    fc.assert(
      fc.property(value, (text) => {
        expect(patchOf(text, text)).toBe('[]');
      }),
    );
    expect(patchOf(String.raw`{"a":"A\/","b":[{"c":1,"d":2}]}`, String.raw`{"b":[{"d":2,"c":1}],"a":"\u0041/"}`)).toBe(
      '[]',
    );
    expect(patchOf('{"a":1,"a":2}', '{"a":2}')).toBe('[]');
  });

  it('distinguishes numbers by their digits and returns them as they stand', () => {
    for (const [from, to] of [
      ['1.5', '1.50'],
      ['100', '1E+2'],
      ['1234567890123456789012', '1234567890123456789013'],
      ['0', '-0'],
      ['1', '"1"'],
    ]) {
      expect(patchOf(`{"a":[${from}]}`, `{"a":[${to}]}`)).toBe(`[{"op":"replace","path":"/a/0","value":${to}}]`);
    }
  });

  it('takes keys for what they are', () => {
    expect(
      patchOf('{"":0,"a/b":{"~1":0},"__proto__":{"constructor":1}}', '{"a/b":{"~1":1},"__proto__":{"x":[]},"0":0}'),
    ).toBe(
      `[${[
        '{"op":"remove","path":"/"}',
        '{"op":"add","path":"/0","value":0}',
        '{"op":"replace","path":"/a~1b/~01","value":1}',
        '{"op":"remove","path":"/__proto__/constructor"}',
        '{"op":"add","path":"/__proto__/x","value":[]}',
      ].join()}]`,
    );
  });

  it('names what changed of an array’s elements, wherever they stand now', () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `{"no":${i},"debit":${i}.50}`);
    const changed = lines.with(5, '{"no":5,"debit":5.5}').with(2900, '{"no":2900,"debit":2900.50,"cr":null}');
    expect(patchOf(`[${lines.join()}]`, `[{"no":-1},${changed.toSpliced(700, 1).join()}]`)).toBe(
      `[${[
        '{"op":"add","path":"/0","value":{"no":-1}}',
        '{"op":"replace","path":"/6/debit","value":5.5}',
        '{"op":"remove","path":"/701"}',
        '{"op":"add","path":"/2900/cr","value":null}',
      ].join()}]`,
    );
  });

  it('takes the fewest steps through a short array', () => {
    expect(patchOf('["x","y","x","y"]', '["y","x","y","z"]')).toBe(
      '[{"op":"remove","path":"/0"},{"op":"add","path":"/3","value":"z"}]',
    );
  });
});

describe('a patch of a large value', () => {
  const LENGTH = 10_000;
  const line = (i: number, text = 'TRSF') =>
    `{"no":${i},"date":"2026-01-0${i % 9}","text":"${text} ${i}","debit":${i}.50}`;
  const lines = Array.from({ length: LENGTH }, (_, i) => line(i));
  const item = (all: readonly string[], status = 'COMPLETED') =>
    `{"id":"a","status":"${status}","output":{"pages":[{"lines":[${all.join()}]}]}}`;

  it.each([
    ['at its front', lines.with(0, line(0, 'RTGS')), 1],
    ['in its middle', lines.with(LENGTH / 2, line(0)), 4],
    ['at its end', lines.with(-1, line(LENGTH - 1, 'RTGS')), 1],
    ['in most places', lines.map((_, i) => line(i, i % 9 ? 'RTGS' : 'TRSF')), undefined],
    ['everywhere', lines.map((_, i) => line(i, 'RTGS')), 1],
    ['and turned round', lines.toReversed(), undefined],
    ['and emptied', [], undefined],
    ['and doubled', [...lines, ...lines.map((_, i) => line(-i))], undefined],
    ['by every second element left out', lines.filter((_, i) => i % 2 === 0), LENGTH / 2],
  ])('changed %s applies, and is hardly longer than the value', (_, after, operations) => {
    const [from, to] = [item(lines), item(after, 'FAILED')];
    const patch = applies(from, to);
    expect(patch.length).toBeLessThan(to.length + 20_000);
    expect(elements(patch)[0]).toBe('{"op":"replace","path":"/status","value":"FAILED"}');
    if (operations !== undefined) expect(elements(patch)).toHaveLength(1 + operations);
  });

  it('of elements that are mostly the same applies', () => {
    const bits = (seed: number) => `[${Array.from({ length: LENGTH }, (_, i) => ((i * seed) >> 3) & 1).join()}]`;
    applies(bits(7919), bits(104_729));
    applies(bits(7919), `[0,${bits(7919).slice(1)}`);
  });

  it('of very many members applies', () => {
    const wide = (value: string) =>
      `{"a":{${Array.from({ length: 150_000 }, (_, i) => `"k${i}":${value}`).join()}},"b":0}`;
    expect(patchOf(wide('1'), wide('2'))).toBe(`[{"op":"replace","path":"/a","value":${exactA(wide('2'))}}]`);
  });

  it('of very deep values applies', () => {
    const deep = (value: string) => `${'[{"a":'.repeat(250)}${value}${'}]'.repeat(250)}`;
    applies(deep('1.0'), deep('1.00'));
  });
});

const exactA = (text: string) => text.slice('{"a":'.length, -',"b":0}'.length);
