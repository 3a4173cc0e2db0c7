import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

/** `import … from '…'` and `export … from '…'`, `import '…'`, `import('…')`. */
const STATEMENT = /^(?:import|export)\b[^'"]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

/** Every file of the project's code, with what it imports: paths of files from the root, and names of packages. */
const imports = new Map(
  globSync('{bin,lib,functions}/**/*.{ts,tsx}').map((file) => {
    const source = readFileSync(file, 'utf8');
    const named = [...source.matchAll(STATEMENT)].map(([, from, alone, dynamic]) => from ?? alone ?? dynamic ?? '');
    return [file, named.map((name) => (name.startsWith('.') ? join(dirname(file), name) : name))];
  }),
);

/** What files under `folder` import, beyond what `allowed` matches. */
const beyond = (folder: string, allowed: RegExp) =>
  [...imports].flatMap(([file, names]) =>
    file.startsWith(folder) ? names.filter((name) => !allowed.test(name)).map((name) => `${file} imports ${name}`) : [],
  );

/** The first cycle that is found from `file` on. */
function cycleFrom(file: string, path: readonly string[], done: Set<string>): readonly string[] | undefined {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  if (done.has(file)) return undefined;
  for (const next of imports.get(file) ?? []) {
    const cycle = cycleFrom(next, [...path, file], done);
    if (cycle) return cycle;
  }
  done.add(file);
  return undefined;
}

it('the check finds the imports of the code, also of types', () => {
  expect(imports.get('lib/stack.ts')).toContain('lib/lambda.ts');
  expect(imports.get('lib/stack.ts')).toContain('functions/refresh/env.ts');
  expect(imports.get('lib/settings/settings.ts')).toContain('zod');
});

it('no file imports itself by way of others, not even for a type', () => {
  const done = new Set<string>();
  expect([...imports.keys()].map((file) => cycleFrom(file, [], done)).find((cycle) => cycle)).toBeUndefined();
});

it('the domain imports nothing but the domain, modules of Node.js, zod and rfc6902, which compute and call nothing', () => {
  expect(beyond('functions/domain/', /^(functions\/domain\/|node:|zod$|zod\/mini$|rfc6902$)/)).toEqual([]);
});

it('functions import no file outside functions', () => {
  expect(beyond('functions/', /^(?!(bin|lib|test)\/)/)).toEqual([]);
});

it('lib imports from lib, functions and packages, never from bin or test', () => {
  expect(beyond('lib/', /^(?!(bin|test)\/)/)).toEqual([]);
});

it('what is deployed does not import what runs on a laptop', () => {
  const deployed = [...imports.keys()].filter(
    (file) => file.startsWith('lib/') && !/^lib\/(local|sandbox)\//.test(file),
  );
  expect(deployed.flatMap((file) => beyond(file, /^(?!lib\/(local|sandbox)\/)/))).toEqual([]);
});

it('a range of sort keys is queried in one file, which knows that DynamoDB refuses one that ends before it begins', () => {
  const querying = globSync('functions/**/*.ts').filter((file) => readFileSync(file, 'utf8').includes(' BETWEEN '));
  expect(querying).toEqual(['functions/adapters/dynamodb/requests/range.ts']);
});
