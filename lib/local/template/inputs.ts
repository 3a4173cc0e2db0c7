import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the bundles of the functions are made of, from the project's root. npm's last file lists what is installed. */
export const BUNDLE_INPUTS: readonly string[] = [
  'functions',
  'lib/bundle.ts',
  'lib/local/template',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'node_modules/.package-lock.json',
];

/**
 * What a synthesis for the local run reads of this project: files, and directories with all that is below them. The
 * stage `local` has no file in `config`.
 */
export const INPUTS: readonly string[] = [...BUNDLE_INPUTS, 'lib', 'bin/app.ts', 'cdk.json'];

/**
 * A hash of files with their paths below `root`. A path without a file counts as absent.
 * @param more what else the hash covers.
 */
export function hashOf(root: string, paths: readonly string[], more: unknown = ''): string {
  const hash = createHash('sha256').update(JSON.stringify(more));
  for (const path of paths.flatMap((one) => filesAt(root, one))) {
    const content = readFileSync(join(root, path));
    // Lengths keep two files apart from one file with the same bytes.
    hash.update(`\n${JSON.stringify(path)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** The files at and below a path, from `root`, in a fixed order. Links count as what they lead to. */
function filesAt(root: string, path: string): string[] {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(join(root, path))
    .toSorted()
    .flatMap((name) => filesAt(root, join(path, name)));
}
