import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compact, decodeString, elements, members } from '../../../../../functions/domain/json/json.ts';

/** A JSON value's text with white space wherever it may stand. */
const spaced = (value: unknown): string => JSON.stringify(value, null, '\t \n');
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
