import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Snapshots } from '../../domain/store/ports.ts';
import { readHead } from './head.ts';
import { archivedOf, HistoryRow } from './layout/content-row.ts';
import { groupKey, historySk, isGone } from './layout/keys.ts';
import { readPages } from './page-rows.ts';
import type { Place } from './requests/place.ts';

interface SnapshotsOptions extends Place {
  /** ms since the epoch. A row past its expiry counts as deleted, although DynamoDB deletes it later. */
  readonly now: () => number;
}

/** Reads a group's rows. Each method sends one request; `pages` sends as many requests as its pages need. */
export const snapshots = (options: SnapshotsOptions): Snapshots => ({
  read: (resultId) => readHead(options, resultId),

  async archived(resultId, version) {
    const { client, table, now } = options;
    const Key = { pk: groupKey(resultId), sk: historySk(version) };
    const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    const row = Item && HistoryRow.parse(Item);
    return row && !isGone(row, now()) ? archivedOf(row) : undefined;
  },

  pages: (resultId, pages) => readPages(options, resultId, pages),
});
