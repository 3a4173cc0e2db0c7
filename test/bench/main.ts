import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { type Bench, markdown } from './table.ts';

/** Measures what the service costs, beside what else one would deploy. `npm run bench [-- <name> …] [--full]` */

const BENCHES: Readonly<Record<string, () => Promise<{ readonly bench: Bench }>>> = {
  poller: () => import('./poller.ts'),
  backlog: () => import('./backlog.ts'),
  ingest: () => import('./ingest.ts'),
  sweep: () => import('./sweep.ts'),
  upstream: () => import('./upstream.ts'),
  outage: () => import('./outage.ts'),
  units: () => import('./units.ts'),
  cost: () => import('./cost.ts'),
  'warm-read': () => import('./warm-read.ts'),
  announce: () => import('./announce.ts'),
  webhooks: () => import('./webhooks.ts'),
  'local-run': () => import('./local-run.ts'),
  console: () => import('./console.ts'),
  'cold-start': () => import('./cold-start.ts'),
};

const full = process.argv.includes('--full');
const named = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const unknown = named.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`There is no bench called ${unknown.join(' or ')}; there are ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}

const [{ model = 'an unknown processor' } = {}] = cpus();
const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
console.log(
  `${new Date().toISOString()}, ${commit}, ${process.platform} ${process.arch}, ${cpus().length} × ${model}, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.version}\n`,
);
for (const [name, load] of Object.entries(BENCHES)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const began = Date.now();
  const { bench } = await load();
  for (const table of await bench({ full })) console.log(markdown(table));
  console.log(`(${name}: ${Math.round((Date.now() - began) / 1000)} s)\n`);
}
process.exit();
