import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LocalFault } from '../fault.ts';

/**
 * Locks a data directory for this run, until the returned function is called or the process ends. SQLite uses a lock of
 * the operating system, which SIGKILL also releases. A PID file would remain.
 * @throws LocalFault when another run holds the lock.
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
