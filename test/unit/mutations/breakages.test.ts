import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BREAKAGES } from '../../mutations/breakages.ts';

const PROJECT = join(import.meta.dirname, '../../..');

describe.each(BREAKAGES)('the breakage “$what”', ({ file, from, tests = [] }) => {
  it('quotes source text that stands exactly once in its file', () => {
    expect(readFileSync(join(PROJECT, file), 'utf8').split(from)).toHaveLength(2);
  });

  it('names test files that exist', () => {
    for (const test of tests.filter((one) => one.endsWith('.ts')))
      expect(existsSync(join(PROJECT, test)), test).toBe(true);
  });
});
