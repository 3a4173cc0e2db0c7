import { describe, expect, it } from 'vitest';
import { isForgotten, phaseOf } from '../../../../../functions/domain/group/phase.ts';

const HOUR = 3_600_000;
const phase = (items: (string | null)[], overall: string | null = null) =>
  phaseOf({ items, overall, hadItems: true }, 0);

describe('a group’s phase', () => {
  it.each([
    [['COMPLETED', 'IN_QUEUE'], 'active'],
    [['NEED_REVIEW', 'IN_PROGRESS'], 'active'],
    [['COMPLETED', 'DRAFT'], 'waiting'],
    [['NEED_REVIEW'], 'waiting'],
    [['FRAUD_DETECTED', 'FAILED'], 'waiting'],
    [['PARTIALLY_COMPLETED'], 'waiting'],
    [['PARTIALLY_FAILED'], 'waiting'],
    [['COMPLETED', 'FAILED', 'CANCELLED'], 'settled'],
  ] as const)('of %j is %s', (items, expected) => {
    expect(phase([...items])).toBe(expected);
  });

  it('is made less settled by the overall status, never more', () => {
    expect(phase(['COMPLETED'], 'IN_PROGRESS')).toBe('active');
    expect(phase(['COMPLETED'], 'NEED_REVIEW')).toBe('waiting');
    expect(phase(['IN_QUEUE'], 'COMPLETED')).toBe('active');
  });

  it('is active for an unknown status, or none', () => {
    expect(phase(['COMPLETED', 'ON_THE_MOON'])).toBe('active');
    expect(phase([null])).toBe('active');
    expect(phase(['COMPLETED'], 'ON_THE_MOON')).toBe('active');
  });

  it('of a group that never had an item is active for an hour, then waiting; it is forgotten after a day', () => {
    const empty = { items: [], overall: 'COMPLETED', hadItems: false };
    expect(phaseOf(empty, HOUR - 1)).toBe('active');
    expect(phaseOf(empty, HOUR)).toBe('waiting');
    expect(isForgotten(false, 24 * HOUR - 1)).toBe(false);
    expect(isForgotten(false, 24 * HOUR)).toBe(true);
    expect(isForgotten(true, 24 * HOUR)).toBe(false);
  });

  it('of a group that shrank to nothing is settled', () => {
    expect(phaseOf({ items: [], overall: 'IN_PROGRESS', hadItems: true }, 0)).toBe('settled');
  });
});
