import { erasures } from '../functions/adapters/dynamodb/erasures.ts';
import { ledgerEntries } from '../functions/adapters/dynamodb/ledger.ts';
import { documentClient } from '../functions/adapters/dynamodb/requests/document-client.ts';
import { snapshots } from '../functions/adapters/dynamodb/snapshots.ts';
import { replay } from '../functions/domain/erasure/replay.ts';

/** After a restore: erases and redacts again what the ledger says. `npm run replay -- <snapshot table> <ledger table>` */

const [table, ledgerTable] = process.argv.slice(2);
if (table === undefined || ledgerTable === undefined) {
  console.error('Name the restored table and the ledger: npm run replay -- <snapshot table> <ledger table>');
  process.exit(1);
}
const client = documentClient(4, 5_000);
const store = { ...snapshots({ client, table, now: Date.now }), ...erasures({ client, table }) };
const entries = await Array.fromAsync(ledgerEntries(client, ledgerTable));
const { redacted, erased, unchanged: standing } = await replay({ store, now: Date.now }, entries);
console.log(
  `${redacted} redacted again, ${erased} erased again, ${standing} still stand. The next sweeps clean them up.`,
);
client.destroy();
