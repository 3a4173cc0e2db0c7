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

Every package that \`npm ci --omit=dev\` installs: what the functions' bundles hold comes from these. Written by \`npm run licences\` from the lockfile; a test
holds it to that, and to licences that ask for nothing but their notice.
`;

if (import.meta.main) writeFileSync(LIST, licences());
