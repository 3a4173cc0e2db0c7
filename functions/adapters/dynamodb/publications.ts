import type { Publications } from '../../domain/store/ports.ts';
import { currentRow, historyRow, placeholderRow } from './layout/content-row.ts';
import { currentKey, expiryAfter, scheduleKey } from './layout/keys.ts';
import { pageWrites, ROOM } from './page-rows.ts';
import { atRevision, bound, conditionalWrites, IS_TRACKED, is } from './requests/conditional-writes.ts';
import type { Place } from './requests/place.ts';

export interface PublicationsOptions extends Place {
  /** Days that a superseded version is kept. */
  readonly retentionDays: number;
}

/** The steps of publishing, each one write, or as many as the pages that it is given need. */
export function publications({ client, table, retentionDays }: PublicationsOptions): Publications {
  const writes = conditionalWrites(client, table);
  return {
    room: ROOM,
    ...pageWrites({ client, writes, table, retentionDays }),

    recordPublishIntent: (resultId, due, found, revision) =>
      writes.update(
        scheduleKey(resultId),
        { set: { publishing: revision } },
        {
          when: `${IS_TRACKED} AND due = :due AND ${is('publishing', found)}`,
          values: { ':due': due, ...bound('publishing', found) },
        },
      ),

    async clearPublishIntent(resultId, revision) {
      await writes.update(
        scheduleKey(resultId),
        { remove: ['publishing'] },
        { when: is('publishing', revision), values: bound('publishing', revision) },
      );
    },

    async archive(resultId, archived, at) {
      const row = historyRow(resultId, archived, expiryAfter(at, retentionDays));
      await writes.put(row, {
        // A slow loser of an older revision must not name pages that are already superseded.
        when: 'attribute_not_exists(pk) OR revision <= :revision',
        values: { ':revision': archived.revision },
      });
    },

    advance: (resultId, snapshot, before) => writes.put(currentRow(resultId, snapshot), atRevision(before)),

    fence: (resultId, found, to) =>
      found.snapshot
        ? writes.update(currentKey(resultId), { set: { revision: to } }, atRevision(found.revision))
        : writes.put(placeholderRow(resultId, found, to), atRevision(found.revision)),
  };
}
