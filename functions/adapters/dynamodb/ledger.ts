import { type DynamoDBDocumentClient, PutCommand, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Ledger, LedgerEntry } from '../../domain/erasure/ledger.ts';

const KINDS = ['erase', 'redact'] as const satisfies readonly LedgerEntry['kind'][];
const Row = z.object({ result_id: z.string(), event: z.string() });

/**
 * The ledger of erasures and redactions: ids and times alone. It is a table of its own, so that a restore of the
 * snapshots' table does not undo it.
 */
export const ledger = (client: DynamoDBDocumentClient, table: string): Ledger => ({
  async record(kind, resultId, at) {
    const Item = { result_id: resultId, event: `${new Date(at).toISOString()} ${kind}` };
    await client.send(new PutCommand({ TableName: table, Item }));
  },
});

/** Reads all entries, in no order. @throws an Error for an entry of an unknown kind. */
export async function* ledgerEntries(client: DynamoDBDocumentClient, table: string): AsyncGenerator<LedgerEntry> {
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const item of Items) yield entryOf(item);
  }
}

/** Reads the entries of one group, oldest first. @throws an Error for an entry of an unknown kind. */
export async function ledgerEntriesOf(
  client: DynamoDBDocumentClient,
  table: string,
  resultId: string,
): Promise<LedgerEntry[]> {
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'result_id = :id',
    ExpressionAttributeValues: { ':id': resultId },
  };
  const pages = await Array.fromAsync(paginateQuery({ client }, query));
  return pages.flatMap(({ Items = [] }) => Items.map(entryOf));
}

function entryOf(item: unknown): LedgerEntry {
  const { result_id: resultId, event } = Row.parse(item);
  const [time = '', name] = event.split(' ');
  const kind = KINDS.find((one) => one === name);
  if (!kind) throw new Error(`the ledger holds an event of an unknown kind: ${name}`);
  return { kind, resultId, at: Date.parse(time) };
}
