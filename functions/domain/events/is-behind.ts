import type { StoredGroup } from '../group/schedule.ts';

/** Whether a version, an erasure or a redaction of a group must still be announced. */
export const isBehind = ({ schedule, publishedAt }: Pick<StoredGroup, 'schedule' | 'publishedAt'>): boolean =>
  schedule !== undefined &&
  (publishedAt > (schedule.announcedUntil ?? publishedAt) ||
    schedule.isErasureUnannounced ||
    schedule.unannouncedRedaction !== undefined);

/** Returns when what is not announced yet of a group was published, erased or redacted last, ms since the epoch. */
export function waitingSince({ schedule, publishedAt }: Pick<StoredGroup, 'schedule' | 'publishedAt'>): number {
  const { announcedUntil = publishedAt, isErasureUnannounced, unannouncedRedaction } = schedule ?? {};
  return Math.max(
    publishedAt > announcedUntil ? publishedAt : 0,
    (isErasureUnannounced && schedule?.erasedAt) || 0,
    (unannouncedRedaction !== undefined && schedule?.redactedAt) || 0,
  );
}
