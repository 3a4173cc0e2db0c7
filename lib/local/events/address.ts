import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file in the data directory that names the endpoint of the run's event buses. */
const fileOf = (dataDir: string) => join(dataDir, 'events-url');

/**
 * Stores the address of the event buses, so that `npm run events` finds them.
 * @returns a function that deletes it.
 */
export function publishAddress(dataDir: string, url: string): () => void {
  writeFileSync(fileOf(dataDir), url);
  return () => rmSync(fileOf(dataDir), { force: true });
}

/** Returns the address. After a run that was killed, it is that run's. @returns undefined where there is none. */
export function readAddress(dataDir: string): string | undefined {
  try {
    const text = readFileSync(fileOf(dataDir), 'utf8');
    return URL.canParse(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
