import { join } from 'node:path';
import { bundle } from '../../bundle.ts';

// Bundles functions: node bundle-some.ts <directory> <folder> …

const [directory = '', ...folders] = process.argv.slice(2);
try {
  for (const folder of folders) bundle(folder, join(directory, folder));
} catch (error) {
  // esbuild has printed the place in the source already.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
