import { join } from 'node:path';
import { functionFolders } from '../../bundle.ts';
import { PROJECT, runInProject } from './project-process.ts';

/** esbuild keeps one and a half cores busy, as it waits for each bundle. */
const PROCESSES = 2;

/**
 * Bundles all functions, each into a folder of `directory`. A synthesis takes them from there.
 * @throws LocalFault with esbuild's output where a function cannot be bundled.
 */
export async function bundleAll(directory: string, signal?: AbortSignal): Promise<void> {
  const folders = functionFolders();
  const script = join(PROJECT, 'lib', 'local', 'template', 'bundle-some.ts');
  const shares = Array.from({ length: PROCESSES }, (_, at) => folders.filter((__, i) => i % PROCESSES === at));
  const purpose = 'The functions could not be bundled';
  await Promise.all(
    shares.map((share) =>
      runInProject({ command: process.execPath, args: [script, directory, ...share], signal, purpose }),
    ),
  );
}
