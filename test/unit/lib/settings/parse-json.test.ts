import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonFault, parseJson } from '../../../../lib/settings/parse-json.ts';

/** What `parse` returns, or that it throws. */
function outcomeOf(parse: () => unknown): unknown {
  try {
    return { value: parse() };
  } catch {
    return 'refused';
  }
}

describe('a JSON text', () => {
  it('has the value that JSON.parse gives it', async () => {
    await fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('with one character changed is refused exactly where JSON.parse refuses it', () => {
    const signs = fc.constantFrom(
      '"',
      '\\',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      '0',
      '-',
      '.',
      'e',
      'u',
      't',
      '\n',
      '\t',
      '',
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), signs, (value, place, sign) => {
        const text = JSON.stringify(value);
        const at = place % text.length;
        const changed = text.slice(0, at) + sign + text.slice(at + 1);
        expect(outcomeOf(() => parseJson(changed, () => true))).toEqual(outcomeOf(() => JSON.parse(changed)));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['', 'value expected at line 1, column 1'],
    ['{\n  "a": 1,\n}', 'property name expected at line 3, column 1'],
    ['[1, ]', 'value expected at line 1, column 5'],
    ['{\n  "a": 1\n  "b": 2\n}', 'comma expected at line 3, column 3'],
    ['{"a" 1}', 'colon expected at line 1, column 6'],
    ["{'a': 1}", 'invalid symbol at line 1, column 2'],
    ['{"a": 1, // why\n"b": 2}', 'invalid comment token at line 1, column 10'],
    ['{"a": yes}', 'invalid symbol at line 1, column 7'],
    ['{"a": 0443}', 'comma expected at line 1, column 8'],
    ['{"a": 1', 'close brace expected at line 1, column 8'],
    ['{} {}', 'end of file expected at line 1, column 4'],
    ['{"a": 1,\n "b": {"a": 2},\n "a": 3}', '"a" for the second time at line 3, column 2'],
  ])('%j is refused with the place of its fault', (text, message) => {
    expect(() => parseJson(text)).toThrow(new JsonFault(message));
  });

  it('may repeat the keys that the caller names', () => {
    expect(parseJson('{"//": "one", "a": 1, "//": "other"}', (key) => key === '//')).toEqual({ '//': 'other', a: 1 });
  });
});
