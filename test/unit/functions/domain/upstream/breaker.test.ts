import { describe, expect, it } from 'vitest';
import { isSustained } from '../../../../../functions/domain/upstream/breaker.ts';
import { UNUSED } from '../../../../../functions/domain/upstream/budget.ts';

const START = 1_800_000_000_000;

describe('failures', () => {
  it('are sustained when there are five in a row, over five seconds, of more than one group', () => {
    const failing = (failures: number) => ({ ...UNUSED, failures, failingSince: START, failsOthers: true });
    expect(isSustained(failing(4), START + 60_000)).toBe(false);
    expect(isSustained(failing(50), START + 4_999)).toBe(false);
    expect(isSustained(failing(5), START + 5_000)).toBe(true);
    expect(isSustained({ ...failing(50), failsOthers: false }, START + 60_000)).toBe(false);
  });
});
