import { describe, expect, it } from 'vitest';
import { eventCounts, eventStatus } from '../../../../../functions/domain/events/event-names.ts';
import { STATUSES } from '../../../../../functions/domain/group/phase.ts';

describe('the status in an event', () => {
  it.each(STATUSES)('is %s where AnyCheck documents it', (status) => {
    expect(eventStatus(status)).toBe(status);
  });

  it.each(['', 'completed', 'ESCALATED', 'constructor', '__proto__', '\ud800', null])('is OTHER for %j', (status) => {
    expect(eventStatus(status)).toBe('OTHER');
  });
});

describe('the counts of an event', () => {
  it('are sorted by name, with undocumented and missing statuses under OTHER', () => {
    expect(eventCounts(['FAILED', 'secret', null, 'COMPLETED', 'FAILED', 'OTHER'])).toEqual([
      ['COMPLETED', 1],
      ['FAILED', 2],
      ['OTHER', 3],
    ]);
  });

  it('do not depend on the order of the verifications', () => {
    const statuses = ['FAILED', 'x', null, 'COMPLETED'];
    expect(eventCounts(statuses.toReversed())).toEqual(eventCounts(statuses));
    expect(eventCounts([])).toEqual([]);
  });
});
