import { describe, expect, it } from 'vitest';
import { progressOn } from '../../../../bin/client/progress.ts';

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, written, write: (text: string) => written.push(text) };
}

describe('progress', () => {
  it('is a bar on a terminal, which lines do not tear', () => {
    const made = screen(true);
    const progress = progressOn(made, () => 0);
    progress.show(0.5, '5 of 10');
    progress.print('A line.');
    progress.show(1, '10 of 10');
    progress.end();
    const bar = '[############------------] 5 of 10';
    const clear = `\r${' '.repeat(bar.length)}\r`;
    expect(made.written.join('')).toBe(`${bar}${clear}A line.\n${bar}${clear}[${'#'.repeat(24)}] 10 of 10\n`);
  });

  it('fits the width of the terminal', () => {
    const made = screen(true);
    progressOn(made, () => 0).show(0, 'x'.repeat(200));
    expect(made.written.at(-1)).toHaveLength(59);
  });

  it('is whole on a terminal that does not know its width', () => {
    const made = { ...screen(true), columns: 0 };
    progressOn(made, () => 0).show(undefined, '5 groups');
    expect(made.written.at(-1)).toBe('5 groups');
  });

  it('is a line every 5 seconds elsewhere', () => {
    const made = screen(false);
    const clock = { now: 0 };
    const progress = progressOn(made, () => clock.now);
    for (const [now, text] of [
      [0, 'a'],
      [4_999, 'b'],
      [5_000, 'c'],
      [9_000, 'd'],
      [11_000, 'e'],
    ] as const) {
      clock.now = now;
      progress.show(0.5, text);
    }
    progress.end();
    expect(made.written).toEqual(['c\n', 'e\n']);
  });
});
