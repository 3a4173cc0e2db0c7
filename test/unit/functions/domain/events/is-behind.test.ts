import { describe, expect, it } from 'vitest';
import { isBehind } from '../../../../../functions/domain/events/is-behind.ts';
import type { Tracked } from '../../../../../functions/domain/group/schedule.ts';
import { scheduleAt } from '../../../../fakes/schedule.ts';

const AT = 1_800_000_000_000;
const isBehindWith = (more: Partial<Tracked>, publishedAt = AT) =>
  isBehind({ schedule: { ...scheduleAt(AT, AT), ...more }, publishedAt });

describe('a group is behind', () => {
  it('where its current version was published after the newest announced one', () => {
    expect(isBehindWith({ announcedUntil: AT - 1 })).toBe(true);
    expect(isBehindWith({ announcedUntil: 0 })).toBe(true);
    expect(isBehindWith({ announcedUntil: AT })).toBe(false);
  });

  it('where an erasure or a redaction is not announced, also one of a group without a version', () => {
    expect(isBehindWith({ announcedUntil: AT, isErasureUnannounced: true })).toBe(true);
    expect(isBehindWith({ announcedUntil: AT, unannouncedRedaction: 3 })).toBe(true);
    expect(isBehindWith({ unannouncedRedaction: 0 }, 0)).toBe(true);
  });

  it('never for its versions where its record is from before versions were announced', () => {
    expect(isBehindWith({ announcedUntil: undefined })).toBe(false);
  });

  it('never where it is unknown or has no version', () => {
    expect(isBehind({ schedule: undefined, publishedAt: AT })).toBe(false);
    expect(isBehindWith({ announcedUntil: 0 }, 0)).toBe(false);
  });
});
