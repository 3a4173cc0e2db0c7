import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../../../../functions/console/page/json/lines.ts';
import { compact } from '../../../../../../functions/domain/json/json.ts';

describe('the lines of a JSON text', () => {
  it('are those of JSON.stringify with an indent, for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(linesOf(JSON.stringify(value)).join('\n')).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('keep every digit, duplicate keys, and the spelling of strings', () => {
    const text = String.raw`{"a":12345678901234567890.10,"a":1E+2,"b":["\u0041",-0.0],"c":{},"d":[ ]}`;
    const lines = linesOf(text);
    expect(lines).toEqual([
      '{',
      '  "a": 12345678901234567890.10,',
      '  "a": 1E+2,',
      '  "b": [',
      String.raw`    "\u0041",`,
      '    -0.0',
      '  ],',
      '  "c": {},',
      '  "d": []',
      '}',
    ]);
    expect(compact(lines.join(''))).toBe(compact(text));
  });
});
