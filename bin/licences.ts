// `npm run licences` writes docs/licences.md: the licence of every package that production code may load.
import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string(), license: z.string().default('none'), dev: z.boolean().default(false) }),
  ),
});
const LOCK = new URL('../package-lock.json', import.meta.url);
const LIST = new URL('../docs/licences.md', import.meta.url);

/** The text of docs/licences.md, from the lockfile. */
export function licences(): string {
  const { packages } = Lock.parse(JSON.parse(readFileSync(LOCK, 'utf8')));
  const rows = Object.entries(packages).flatMap(([path, { version, license, dev }]) =>
    path === '' || dev ? [] : [`| ${path.replace(/^.*node_modules\//, '')} | ${version} | ${license} |`],
  );
  return `${ABOUT}\n| package | version | licence |\n|---|---|---|\n${rows.join('\n')}\n`;
}

const ABOUT = `# Licences

These are the packages that \`npm ci --omit=dev\` installs. The code in the functions' bundles comes from them. \`npm run licences\` writes this page
from the lockfile. A test compares the two, and accepts only licences that require no more than their notice.
`;

if (import.meta.main) writeFileSync(LIST, licences());
