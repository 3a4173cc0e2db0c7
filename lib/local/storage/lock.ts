import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LocalFault } from '../fault.ts';

/**
 * Takes a data directory for this run alone, until the returned function is called or the process ends in any way:
 * SQLite's lock is one of the operating system's, which SIGKILL releases too, where a PID file would stay behind.
 * @throws LocalFault when another run has it.
 */
export function lockDirectory(directory: string): () => void {
  const database = new DatabaseSync(join(directory, 'lock.db'));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new LocalFault(
      `${directory} is in use by another run: stop that one, or choose another directory with DATA_DIR.`,
      { cause },
    );
  }
  return () => database.close();
}
