import { describe, expect, it } from 'vitest';
import { argumentsOf } from '../../../../bin/client/arguments.ts';
import { MAX_WAIT, waitOptions } from '../../../../bin/client/wait-options.ts';

const parse = (...args: string[]) => argumentsOf(args, { options: MAX_WAIT, maxPositionals: 1, help: 'HELP' });

describe('the command line', () => {
  it('holds options and arguments', () => {
    expect(parse('ids.txt')).toMatchObject({ positionals: ['ids.txt'], values: { 'max-wait': '15' } });
    expect(parse('--max-wait=0')).toMatchObject({ positionals: [], values: { 'max-wait': '0' } });
  });

  it.each([
    [['a', 'b'], 'There are too many arguments.\n\nHELP'],
    [['--password', 'x'], "Unknown option '--password'.\n\nHELP"],
  ])('is refused with a sentence and the help: %j', (args, message) => {
    expect(() => parse(...args)).toThrow(expect.objectContaining({ status: 2, message }));
  });
});

describe('--max-wait', () => {
  it('is a number of minutes', () => {
    expect(waitOptions('2', () => {}).maxWaitMs).toBe(120_000);
  });

  it.each(['', 'long', '-1', '1.5', '10000'])('is no %j', (minutes) => {
    expect(() => waitOptions(minutes, () => {})).toThrow('--max-wait must be a number of minutes, from 0 to 9999.');
  });
});
