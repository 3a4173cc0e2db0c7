import { mkdirSync } from 'node:fs';
import { LocalFault, messageOf } from '../fault.ts';
import { lockDirectory } from './lock.ts';

/**
 * Creates the directory where it is missing, and locks it for this run.
 * @returns a function that releases the lock.
 * @throws LocalFault when the directory cannot be created, or another run uses it.
 */
export function claimDirectory(directory: string): () => void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw new LocalFault(`DATA_DIR ${directory} cannot be used: ${messageOf(cause)}.`, { cause });
  }
  return lockDirectory(directory);
}
