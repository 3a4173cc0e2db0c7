import { erasures } from '../functions/adapters/dynamodb/erasures.ts';
import { ledgerEntries } from '../functions/adapters/dynamodb/ledger.ts';
import { documentClient } from '../functions/adapters/dynamodb/requests/document-client.ts';
import { snapshots } from '../functions/adapters/dynamodb/snapshots.ts';
import { replay } from '../functions/domain/erasure/replay.ts';

// Run it after a restore: it repeats the erasures and redactions of the ledger.
// `npm run replay -- <snapshot table> <ledger table>`

const [table, ledgerTable] = process.argv.slice(2);
if (table === undefined || ledgerTable === undefined) {
  console.error('Pass the restored table and the ledger table: npm run replay -- <snapshot table> <ledger table>');
  process.exit(1);
}
const client = documentClient(4, 5_000);
const store = { ...snapshots({ client, table, now: Date.now }), ...erasures({ client, table }) };
const entries = await Array.fromAsync(ledgerEntries(client, ledgerTable));
const { redacted, erased, unchanged } = await replay({ store, now: Date.now }, entries);
console.log(
  `${redacted} redacted again, ${erased} erased again, ${unchanged} unchanged. The next sweeps delete their remaining rows.`,
);
client.destroy();
