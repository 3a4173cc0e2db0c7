import { mkdirSync } from 'node:fs';
import { LocalFault, messageOf } from '../fault.ts';
import { lockDirectory } from './lock.ts';

/**
 * Makes the directory where needed, and takes it for this run.
 * @returns how to let it go.
 * @throws LocalFault when it cannot be made, or another run has it.
 */
export function takeDirectory(directory: string): () => void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw new LocalFault(`DATA_DIR ${directory} cannot be used: ${messageOf(cause)}.`, { cause });
  }
  return lockDirectory(directory);
}
