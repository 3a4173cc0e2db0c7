// After a restore of the snapshot table: copies groups from the restored table into the live one.
import { parseArgs } from 'node:util';
import { ledgerEntriesOf } from '../functions/adapters/dynamodb/ledger.ts';
import { documentClient } from '../functions/adapters/dynamodb/requests/document-client.ts';
import { copyGroup, groupIds, readRestorable } from '../functions/adapters/dynamodb/restored-rows.ts';
import { resultIdFrom } from '../functions/domain/group/result-id.ts';
import { mapLimit } from '../functions/domain/map-limit.ts';
import { decideRestore } from '../functions/domain/restore/decide-restore.ts';

const HELP = `npm run restore -- <from table> <to table> --ledger <ledger table> <result_id>...

Copies groups from a restored table into the live table, and makes them due for a refresh.
Run "npm run replay -- <from table> <ledger table>" first.

  --ledger <table>  the ledger of erasures and redactions. A group that the ledger names is copied only
                    if the restored table contains its erasure or redaction.
  --all             copies all groups of the restored table, in place of <result_id>...
  --replace         copies also where the live table has a newer version or other rows of the group.
                    Then the group's rows are those of the restored table. Later versions are lost.
  --help            prints this.

Readers see a group as before or restored, never a part of it. The same command can be repeated.
Exit status: 0 if every group is restored or was there before; 1 if a group is refused or a row fails, which ends
the run; 2 for wrong arguments.`;

/** Groups that are copied at once. */
const PARALLEL = 4;

const { tables, ids, ledgerTable, isReplacing } = parseArguments();
const client = documentClient(10, 10_000);
const [from, to] = tables.map((table) => ({ client, table }));
if (!from || !to) throw new Error('parseArguments returns two tables');
const count = { restored: 0, rows: 0, unchanged: 0, refused: 0, failed: 0, 'not tried': 0 };
try {
  const all = ids ?? (await Array.fromAsync(groupIds(from)));
  await mapLimit(all, PARALLEL, restore);
} catch (error) {
  count.failed++;
  console.error(error instanceof Error ? error.message : error);
}
client.destroy();
const { restored, rows, ...others } = count;
const parts = Object.entries(others).flatMap(([name, n]) => (n > 0 || name === 'unchanged' ? `${n} ${name}` : []));
console.log(`${restored} restored (${rows} rows), ${parts.join(', ')}.`);
process.exitCode = count.failed + count.refused > 0 ? 1 : 0;

async function restore(resultId: string): Promise<void> {
  if (!from || !to) return;
  if (count.failed > 0) {
    count['not tried']++;
    if (ids) console.error(`${resultId} not tried`);
    return;
  }
  try {
    const group = await readRestorable({ from, to, now: Date.now }, resultId);
    const ledger = await ledgerEntriesOf(client, ledgerTable, resultId);
    const decision = decideRestore({ ...group, ledger, isReplacing });
    if (decision.kind !== 'restore') {
      count[decision.kind]++;
      const print = decision.kind === 'refused' ? console.error : console.log;
      print(`${resultId} ${decision.kind}: ${decision.reason}`);
      return;
    }
    const written = await copyGroup({ from, to, now: Date.now }, group);
    count.restored++;
    count.rows += written;
    console.log(`${resultId} restored: version ${group.source.version}, ${written} rows`);
  } catch (error) {
    count.failed++;
    console.error(`${resultId} failed: ${error instanceof Error ? error.message : error}`);
  }
}

function parseArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        ledger: { type: 'string' },
        all: { type: 'boolean', default: false },
        replace: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const [source, target, ...texts] = positionals;
    if (!source || !target) throw new Error('Name the restored table and the live table.');
    if (source === target) throw new Error('The restored table and the live table are the same.');
    if (!values.ledger) throw new Error('Name the ledger table with --ledger.');
    if (values.all === texts.length > 0) throw new Error('Name the groups, or pass --all.');
    const parsed = texts.map((text) => {
      const id = resultIdFrom(text);
      if (id === undefined) throw new Error(`${JSON.stringify(text)} is no result_id.`);
      return id;
    });
    const unique = [...new Set(parsed)];
    return {
      tables: [source, target],
      ids: values.all ? undefined : unique,
      ledgerTable: values.ledger,
      isReplacing: values.replace,
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    process.exit(2);
  }
}
