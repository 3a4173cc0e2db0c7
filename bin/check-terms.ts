// The second half of `npm run lint`: no name, log event, metric or test title has a retired term (bin/check-terms/terms.json).
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod';
import { type Found, namesIn } from './check-terms/names.ts';
import { findTerms } from './check-terms/terms.ts';

const Kind = z.enum(['name', 'title']);
const Config = z.strictObject({
  terms: z.array(z.strictObject({ forms: z.array(z.string()), use: z.string(), only: Kind.exactOptional() })),
  /** Terms of the vocabulary that are ordinary English in too many places; for the reader of the file alone. */
  unchecked: z.array(z.strictObject({ words: z.array(z.string()), reason: z.string().min(20) })),
  /** Uses that stay, in the files whose path starts with `in`. */
  allowed: z.array(
    z.strictObject({ names: z.array(z.string()), in: z.string().default(''), reason: z.string().min(20) }),
  ),
  /** Uses that are still to be replaced, at most, in the files whose path starts with `in`. A name counts once a file. */
  todo: z.array(z.strictObject({ in: z.string(), kind: Kind, count: z.int().positive() })),
});
const { terms, allowed, todo } = Config.parse(
  JSON.parse(readFileSync(new URL('check-terms/terms.json', import.meta.url), 'utf8')),
);

const unused = new Set(
  allowed.flatMap(({ names, in: folder }) => names.map((name) => `${name} in ${folder || 'any file'}`)),
);
const open = new Map(todo.map((entry) => [entry, [] as string[]]));
const problems: string[] = [];

for (const file of globSync(['{bin,functions,lib,test}/**/*.{ts,js}', '*.ts']).toSorted()) {
  const own: Found = { kind: 'name', text: basename(file), line: 1 };
  for (const found of [own, ...namesIn(file, readFileSync(file, 'utf8'))]) report(file, found);
}
for (const use of unused) problems.push(`bin/check-terms/terms.json allows ${use}, where it is not used: remove it`);
for (const [{ in: folder, kind, count }, left] of open) {
  const sum = `${folder} has ${left.length} retired terms of the kind "${kind}", and bin/check-terms/terms.json says ${count}`;
  if (left.length > count) problems.push(sum, ...left);
  if (left.length < count) console.log(`${sum}: lower its count`);
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  console.error('A use that must stay is an entry of "allowed", with a reason, in bin/check-terms/terms.json.');
}
process.exitCode = problems.length > 0 ? 1 : 0;

function report(file: string, found: Found): void {
  const uses = findTerms(found, terms);
  if (uses.length === 0) return;
  const permitted = allowed.find(({ names, in: folder }) => names.includes(found.text) && file.startsWith(folder));
  if (permitted) {
    unused.delete(`${found.text} in ${permitted.in || 'any file'}`);
    return;
  }
  const entry = todo.find(({ in: folder, kind }) => kind === found.kind && file.startsWith(folder));
  const lines = uses.map(({ form, use }) => `${file}:${found.line} "${form}" is retired: ${use} (${found.text})`);
  ((entry && open.get(entry)) ?? problems).push(...lines);
}
