import { describe, expect, it } from 'vitest';
import { reportOf } from '../../../../bin/track/report.ts';
import { parseIds } from '../../../../functions/domain/groups/id-list.ts';

const [FIRST, SECOND] = ['0d5b9f5e-4a51-4f0b-9f0e-000000000001', '0d5b9f5e-4a51-4f0b-9f0e-000000000002'] as const;

describe('a list of ids', () => {
  it('holds an id a line, whatever white space, line end and byte order mark surround it', () => {
    const text = `\ufeff${FIRST}\r\n\t ${SECOND.toUpperCase()} \n\r\n# a comment\n  # another one`;
    expect(parseIds(text)).toEqual({ ids: [FIRST, SECOND], refused: [], duplicates: 0 });
  });

  it('counts a repeated id once, in any case of its letters', () => {
    expect(parseIds(`${FIRST}\n${SECOND}\n${FIRST.toUpperCase()}\n${FIRST}\n`)).toEqual({
      ids: [FIRST, SECOND],
      refused: [],
      duplicates: 2,
    });
  });

  it('refuses each line that is no UUID by its number, and takes the others', () => {
    const { ids, refused } = parseIds(`nonsense\n${FIRST}\n\n${FIRST} ${SECOND}\n${SECOND}\r\n"${SECOND}"`);
    expect(ids).toEqual([FIRST, SECOND]);
    expect(refused).toEqual([
      { line: 1, text: 'nonsense' },
      { line: 4, text: `${FIRST} ${SECOND}` },
      { line: 6, text: `"${SECOND}"` },
    ]);
  });

  it.each(['', '\ufeff', '\n\n', '# nothing'])('holds nothing where it is %j', (text) => {
    expect(parseIds(text)).toEqual({ ids: [], refused: [], duplicates: 0 });
  });
});

describe('the report', () => {
  it('names the numbers and each refused line, without its control characters and its further text', () => {
    const list = { ids: [FIRST, SECOND], duplicates: 1, refused: [{ line: 12, text: `\u001b[2J${'x'.repeat(100)}` }] };
    expect(reportOf('ids.txt', list, { accepted: 1, known: 1 })).toEqual([
      'ids.txt: 2 groups of 4 lines with content',
      '  accepted    1  tracked from now on',
      '  known       1  tracked before',
      '  duplicates  1  lines that repeat an id',
      '  refused     1  lines that hold no UUID',
      `line 12: not a UUID: "\\u001b[2J${'x'.repeat(56)}…"`,
    ]);
  });
});
