import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../../../../functions/domain/json/canonical.ts';

const formOf = (text: string, suffix = '_url', settle = (value: string) => value.slice(0, 1)) =>
  Buffer.from(canonical(text, { suffix, settle })).toString();
const spaced = (value: unknown): string => JSON.stringify(value, null, '\t \n');

describe('the canonical form', () => {
  it('is the same whatever the order of keys, the white space and the spelling of strings', () => {
    expect(formOf('{"a": "\\u0041/", "b": [1, {"d":2,"c":3}]}')).toBe(formOf('{"b":[1,{"c":3,"d":2}],"a":"A\\/"}'));
  });

  it('differs where any value does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const equal = formOf(spaced(a)) === formOf(JSON.stringify(b));
        expect(equal).toBe(sorted(a) === sorted(b));
      }),
    );
    for (const [a, b] of [
      ['1.0', '1.00'],
      ['9007199254740993', '9007199254740992'],
      ['"1"', '1'],
      ['[1,2]', '[2,1]'],
      ['{"a":null}', '{}'],
      ['{"a":1,"a":2}', '{"a":2}'],
    ] as const) {
      expect(formOf(a)).not.toBe(formOf(b));
    }
  });

  it('has each object’s keys in order, shorter ones first, doubled ones as they came', () => {
    expect(formOf('{"b":1,"a b":{"z":[{"y":1,"x":2}],"é":3,"e":4},"a":"\\n","b":0,"B":5}')).toBe(
      '{"B":5,"a":"\\n","a b":{"e":4,"z":[{"x":2,"y":1}],"é":3},"b":1,"b":0}',
    );
  });

  it('is the same for records whose keys come in the order of the one before, and for those that do not', () => {
    const records = fc.array(fc.dictionary(fc.constantFrom('c', 'a', 'b', 'aa', '€', '"'), fc.integer()), {
      size: '+1',
    });
    fc.assert(
      fc.property(records, (list) => {
        const turned = list.map((record) => Object.fromEntries(Object.entries(record).reverse()));
        expect(formOf(JSON.stringify(turned))).toBe(formOf(JSON.stringify(list)));
        expect(JSON.parse(formOf(JSON.stringify(list)))).toEqual(list);
      }),
    );
  });

  it('settles the strings below a key that ends so, at any depth, and no others', () => {
    const text = String.raw`{"url":"kept","_url":"k1","a\u005furl":["q\u0061",{"b":"x","c":{"b":1}}],"b":"kept","c":{"b_url":null,"d":"kept"}}`;
    expect(formOf(text)).toBe(
      '{"_url":"k","a_url":["q",{"b":"x","c":{"b":1}}],"b":"kept","c":{"b_url":null,"d":"kept"},"url":"kept"}',
    );
  });

  it('leaves out a part in the middle of a settled string, also of one with escapes or with characters of several bytes', () => {
    const withoutQuery = (value: string) => value.replace(/\?[^#]*/, '');
    const text = String.raw`{"b":"k","_url":["é/?李#é","a\/\u0022?\n#\n","#?","?😀#😁"]}`;
    expect(formOf(text, '_url', withoutQuery)).toBe(String.raw`{"_url":["é/#é","a/\"#\n","#","#😁"],"b":"k"}`);
  });

  it('is the same for an object of more members than its arrays held before', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${String(i).padStart(5, '0')}`);
    const textOf = (order: readonly string[]) => `{${order.map((key) => `"${key}":{"b":1,"a":"\u0041"}`).join()}}`;
    expect(formOf(textOf(keys.toReversed()))).toBe(`{${keys.map((key) => `"${key}":{"a":"A","b":1}`).join()}}`);
    expect(formOf('{"b":1,"a":2}')).toBe('{"a":2,"b":1}');
  });

  it('goes down to any depth', () => {
    const deep = `${'[{"a":'.repeat(100_000)}1${'}]'.repeat(100_000)}`;
    expect(formOf(deep)).toBe(deep);
  });
});

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${JSON.stringify(key)}:${sorted(one)}`)}}`;
}
