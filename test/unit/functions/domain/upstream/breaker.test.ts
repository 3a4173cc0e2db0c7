import { describe, expect, it } from 'vitest';
import { isSustained } from '../../../../../functions/domain/upstream/breaker.ts';
import { LOGIN, UNUSED } from '../../../../../functions/domain/upstream/budget.ts';

const START = 1_800_000_000_000;

describe('failures', () => {
  const failing = (failures: number, ...groups: string[]) => ({
    ...UNUSED,
    failures,
    failingSince: START,
    failingGroups: new Set(groups),
  });

  it('are sustained when there are five in a row, over five seconds, of more than one group', () => {
    expect(isSustained(failing(4, 'a', 'b'), 'fleet', START + 60_000)).toBe(false);
    expect(isSustained(failing(50, 'a', 'b'), 'fleet', START + 4_999)).toBe(false);
    expect(isSustained(failing(5, 'a', 'b'), 'fleet', START + 5_000)).toBe(true);
    expect(isSustained(failing(50, 'a'), 'fleet', START + 60_000)).toBe(false);
  });

  it('that a group may be at fault for itself must be of four groups', () => {
    expect(isSustained(failing(50, 'a', 'b', 'c'), 'group', START + 60_000)).toBe(false);
    expect(isSustained(failing(5, 'a', 'b', 'c', 'd'), 'group', START + 5_000)).toBe(true);
  });

  it('of logins are sustained at the second one', () => {
    expect(isSustained(failing(1, LOGIN), 'fleet', START + 60_000)).toBe(false);
    expect(isSustained(failing(2, LOGIN), 'account', START + 5_000)).toBe(true);
  });
});
