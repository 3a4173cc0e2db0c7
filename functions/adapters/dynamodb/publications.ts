import type { Publications } from '../../domain/store/ports.ts';
import { currentRow, historyRow, placeholderRow } from './layout/content-row.ts';
import { currentKey, expiryAfter, scheduleKey } from './layout/keys.ts';
import { pageWrites, ROOM } from './page-rows.ts';
import { atRevision, bound, conditionalWrites, IS_TRACKED, is } from './requests/conditional-writes.ts';
import type { Place } from './requests/place.ts';

export interface PublicationsOptions extends Place {
  /** Days for which a superseded version stays stored. */
  readonly retentionDays: number;
}

/** The steps of publishing. Each step is one write; a step that takes pages writes one or more rows for each page. */
export function publications({ client, table, retentionDays }: PublicationsOptions): Publications {
  const writes = conditionalWrites(client, table);
  return {
    room: ROOM,
    ...pageWrites({ client, writes, table, retentionDays }),

    recordPublishIntent: (resultId, { due, found, publishedAt }, revision) =>
      writes.update(
        scheduleKey(resultId),
        { set: { publishing: revision }, setFirst: { announced_until: publishedAt } },
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
        // A slow run that lost with an older revision must not name pages that are already superseded.
        when: 'attribute_not_exists(pk) OR revision <= :revision',
        values: { ':revision': archived.revision },
      });
    },

    advance: (resultId, snapshot, before) => writes.put(currentRow(resultId, snapshot), atRevision(before)),

    fence: (resultId, found, to) =>
      found.snapshot
        ? writes.update(
            currentKey(resultId),
            { set: { revision: to, bytes: found.snapshot.pages.length > 0 ? `fence-${to}` : undefined } },
            atRevision(found.revision),
          )
        : writes.put(placeholderRow(resultId, found, to), atRevision(found.revision)),
  };
}
