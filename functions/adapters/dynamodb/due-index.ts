import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Due, DueIndex } from '../../domain/refresh/queue.ts';
import { type DueRow, dueRows } from './due-rows.ts';
import { resultIdOf, shards, WITHOUT_CALLS } from './layout/keys.ts';

const dueOf = ({ pk, due }: DueRow): Due => ({ resultId: resultIdOf(pk), due });

/** The sparse index of due groups. The reads of a sweep are proportional to the groups due, not to all known groups. */
export const dueIndex = (client: DynamoDBDocumentClient, table: string): DueIndex => ({
  withoutCalls: async (now, limit) => (await dueRows(client, table, [WITHOUT_CALLS], now, limit)).map(dueOf),
  due: async (now, limit) => (await dueRows(client, table, shards, now, limit)).map(dueOf),
});
