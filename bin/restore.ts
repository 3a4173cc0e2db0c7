// After a restore of the snapshot table: copies groups and webhook endpoints from the restored table into the live one.
import { parseArgs } from 'node:util';
import { ledgerEntriesOf } from '../functions/adapters/dynamodb/ledger.ts';
import { documentClient } from '../functions/adapters/dynamodb/requests/document-client.ts';
import {
  copyGroup,
  groupIds,
  type RestoreTables,
  readRestorable,
} from '../functions/adapters/dynamodb/restored-rows.ts';
import { copyEndpoint } from '../functions/adapters/dynamodb/restored-webhooks.ts';
import { resultIdFrom } from '../functions/domain/group/result-id.ts';
import { mapLimit } from '../functions/domain/map-limit.ts';
import { decideRestore } from '../functions/domain/restore/decide-restore.ts';
import { ENDPOINT_ID } from '../functions/domain/webhooks/endpoint.ts';

const HELP = `npm run restore -- <from table> <to table> --ledger <ledger table> <id>...

Copies groups from a restored table into the live table, and makes them due for a refresh. An id is the
result_id of a group, or the id of a webhook endpoint: then it copies the endpoint and its deliveries, as far as
the live table lacks them, and sends those again that were pending.
Run "npm run replay -- <from table> <ledger table>" first.

  --ledger <table>  the ledger of erasures and redactions. A group that the ledger names is copied only
                    if the restored table contains its erasure or redaction.
  --all             copies all groups of the restored table, in place of <id>... It copies no webhook endpoint,
                    because an admin can have deleted it since.
  --replace         copies also where the live table has a newer version or other rows of the group.
                    Then the group's rows are those of the restored table. Later versions are lost.
  --help            prints this.

Readers see a group as before or restored, never a part of it. The same command can be repeated.
Exit status: 0 if everything is restored or was there before; 1 if something is refused or a row fails, which ends
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
  await mapLimit(all, PARALLEL, (id) => tried(id, ENDPOINT_ID.test(id) ? restoreEndpoint : restoreGroup));
} catch (error) {
  count.failed++;
  console.error(error instanceof Error ? error.message : error);
}
client.destroy();
const { restored: done, rows, ...others } = count;
const parts = Object.entries(others).flatMap(([name, n]) => (n > 0 || name === 'unchanged' ? `${n} ${name}` : []));
console.log(`${done} restored (${rows} rows), ${parts.join(', ')}.`);
process.exitCode = count.failed + count.refused > 0 ? 1 : 0;

/** Restores one, unless another one failed before. */
async function tried(id: string, restore: (id: string, tables: RestoreTables) => Promise<void>): Promise<void> {
  if (!from || !to) return;
  if (count.failed > 0) {
    count['not tried']++;
    if (ids) console.error(`${id} not tried`);
    return;
  }
  try {
    await restore(id, { from, to, now: Date.now });
  } catch (error) {
    count.failed++;
    console.error(`${id} failed: ${error instanceof Error ? error.message : error}`);
  }
}

async function restoreGroup(resultId: string, tables: RestoreTables): Promise<void> {
  const group = await readRestorable(tables, resultId);
  const ledger = await ledgerEntriesOf(client, ledgerTable, resultId);
  const decision = decideRestore({ ...group, ledger, isReplacing });
  if (decision.kind !== 'restore') return notRestored(resultId, decision);
  restored(resultId, await copyGroup(tables, group), `version ${group.source.version}, `);
}

async function restoreEndpoint(endpointId: string, tables: RestoreTables): Promise<void> {
  const result = await copyEndpoint(tables, endpointId);
  if (result.kind !== 'restored') return notRestored(endpointId, result);
  restored(endpointId, result.rows);
}

function restored(id: string, written: number, what = ''): void {
  count.restored++;
  count.rows += written;
  console.log(`${id} restored: ${what}${written} rows`);
}

function notRestored(id: string, { kind, reason }: { kind: 'unchanged' | 'refused'; reason: string }): void {
  count[kind]++;
  const print = kind === 'refused' ? console.error : console.log;
  print(`${id} ${kind}: ${reason}`);
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
    if (values.all === texts.length > 0) throw new Error('Name the groups or webhook endpoints, or pass --all.');
    const parsed = texts.map((text) => {
      const id = ENDPOINT_ID.test(text) ? text : resultIdFrom(text);
      if (id === undefined)
        throw new Error(`${JSON.stringify(text)} is no result_id, and no id of a webhook endpoint.`);
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
