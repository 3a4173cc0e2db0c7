import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { synthesize } from '../../lib/local/template/synthesize.ts';
import { markdown } from '../bench/table.ts';
import { abuse } from './abuse.ts';
import { load } from './load.ts';
import { outages } from './outages.ts';

/**
 * `npm run load [-- --minutes 5 --clients 64]`: reads while AnyCheck is slow, fails and flaps. Ends with 1 at any wrong answer.
 * `npm run load -- abuse [--minutes 1]`: what one caller can do with random ids.
 * `npm run load -- outages [--only HTML]`: the calls that AnyCheck gets while it sends nothing usable.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '5' },
    clients: { type: 'string', default: '64' },
    only: { type: 'string' },
  },
});
const seconds = Math.round(Number(values.minutes) * 60);
const directory = await mkdtemp(join(tmpdir(), 'load-assembly-'));
try {
  const assembly = await synthesize({ outdir: join(directory, 'cdk.out') });
  if (positionals.includes('outages')) console.log(markdown(await outages(assembly, values.only)));
  else if (positionals.includes('abuse')) console.log(markdown(await abuse(assembly, seconds)));
  else {
    const { tables, wrong, failures, versions, changes } = await load({
      assembly,
      seconds,
      clients: Number(values.clients),
    });
    for (const table of tables) console.log(markdown(table));
    console.log(
      `${versions} versions were compared with what AnyCheck had, and ${changes} changes with what history told.`,
    );
    for (const line of failures.slice(0, 20)) console.error(line);
    for (const sentence of wrong.slice(0, 20)) console.error(`Wrong: ${sentence}.`);
    process.exitCode = wrong.length > 0 ? 1 : 0;
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
