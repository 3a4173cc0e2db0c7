import { createHash } from 'node:crypto';
import { extname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { FUNCTIONS } from '../bundle.ts';

const PAGE = join(FUNCTIONS, 'console', 'page');

/** A file that the page loads. Its name is a hash of its content. */
export interface PageFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Bundles the page's script and its style sheet. How JSX compiles is in the page's tsconfig.json.
 * @throws an Error with esbuild's output where the page cannot be bundled.
 */
export function bundlePage(): readonly PageFile[] {
  const { outputFiles } = buildSync({
    absWorkingDir: PAGE,
    entryPoints: ['main.tsx', 'console.css'],
    outdir: PAGE,
    write: false,
    bundle: true,
    minify: true,
    preserveSymlinks: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles.map(({ path, text }) => ({ name: `${nameOf(text)}${extname(path)}`, text }));
}

/** esbuild's own hashes also cover paths, which differ between two clones of the project. */
const nameOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
