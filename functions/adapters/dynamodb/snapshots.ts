import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Snapshots } from '../../domain/store/ports.ts';
import { readHead } from './head.ts';
import { archivedOf, HistoryRow } from './layout/content-row.ts';
import { groupKey, historySk, isGone } from './layout/keys.ts';
import { readPages } from './page-rows.ts';
import type { Place } from './requests/place.ts';

interface SnapshotsOptions extends Place {
  /** ms since the epoch: rows past their expiry are gone, however late DynamoDB deletes them. */
  readonly now: () => number;
}

/** The rows of a group, to be read: every method one request, or as many as the pages that it is given need. */
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
