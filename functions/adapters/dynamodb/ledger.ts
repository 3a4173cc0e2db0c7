import { type DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Ledger, LedgerEntry } from '../../domain/erasure/ledger.ts';

const KINDS = ['erase', 'redact'] as const satisfies readonly LedgerEntry['kind'][];
const Row = z.object({ result_id: z.string(), event: z.string() });

/** The table of erasures and redactions: ids and times alone, beside the snapshots, so that no restore of those undoes it. */
export const ledger = (client: DynamoDBDocumentClient, table: string): Ledger => ({
  async record(kind, resultId, at) {
    const Item = { result_id: resultId, event: `${new Date(at).toISOString()} ${kind}` };
    await client.send(new PutCommand({ TableName: table, Item }));
  },
});

/** All that is recorded, in no order. */
export async function* ledgerEntries(client: DynamoDBDocumentClient, table: string): AsyncGenerator<LedgerEntry> {
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const item of Items) {
      const { result_id: resultId, event } = Row.parse(item);
      const [time = '', name] = event.split(' ');
      const kind = KINDS.find((one) => one === name);
      if (!kind) throw new Error(`the ledger holds an event that is not known: ${name}`);
      yield { kind, resultId, at: Date.parse(time) };
    }
  }
}
