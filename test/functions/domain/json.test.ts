import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, compact, decodeString, elements, members } from '../../../functions/domain/json.ts';

/** A JSON value's text with white space wherever it may stand. */
const spaced = (value: unknown): string => JSON.stringify(value, null, '\t \n');
const sameForm = (text: string) =>
  canonical(
    text,
    () => false,
    (value) => value,
  );

describe('slicing JSON text', () => {
  it('compacts any JSON to what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(compact(spaced(value))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('cuts any array into the texts of its elements', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        expect(elements(spaced(values)).map(compact)).toEqual(values.map((value) => JSON.stringify(value)));
      }),
    );
  });

  it('cuts any object into its members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const cut = members(spaced(object)).map(({ key, value }) => [key, JSON.parse(value)]);
        expect(cut).toEqual(Object.entries(JSON.parse(JSON.stringify(object))));
      }),
    );
  });

  it('keeps what JSON.parse loses: digits, trailing zeros, the order of integer-like keys, doubled keys', () => {
    const text = '{ "b" : 9007199254740993, "2": 1.50, "1": 1E+2, "b": -0.0 }';
    expect(compact(text)).toBe('{"b":9007199254740993,"2":1.50,"1":1E+2,"b":-0.0}');
    expect(members(text).map(({ key, value }) => `${key}=${value}`)).toEqual([
      'b=9007199254740993',
      '2=1.50',
      '1=1E+2',
      'b=-0.0',
    ]);
  });

  it('decodes an escaped key', () => {
    expect(members(String.raw`{"\u0061\"\\":1}`).map(({ key }) => key)).toEqual(['a"\\']);
    expect(decodeString(String.raw`"Rp\u00a0\/\n"`)).toBe('Rp\u00a0/\n');
  });
});

describe('the canonical form', () => {
  it('is the same whatever the order of keys, the white space and the spelling of strings', () => {
    expect(sameForm('{"a": "\\u0041/", "b": [1, {"d":2,"c":3}]}')).toBe(sameForm('{"b":[1,{"c":3,"d":2}],"a":"A\\/"}'));
  });

  it('differs where any value does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const equal = sameForm(spaced(a)) === sameForm(JSON.stringify(b));
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
      expect(sameForm(a)).not.toBe(sameForm(b));
    }
  });
});

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${JSON.stringify(key)}:${sorted(one)}`)}}`;
}
