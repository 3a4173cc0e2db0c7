import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { LocalUser } from '../issuer/users.ts';

/** How `npm run listen` calls the API of a run. */
const Access = z.object({
  /** The address of the API. */
  url: z.url(),
  /** Undefined where another issuer gives out the tokens. */
  user: z.object({ email: z.string(), password: z.string() }).optional(),
});
export type Access = z.output<typeof Access>;

/** The file in the data directory, which also holds the key that signs the run's tokens. */
const fileOf = (dataDir: string) => join(dataDir, 'access.json');

/**
 * Stores how to call the API of a run, readable for the user of this process alone.
 * @returns a function that deletes it.
 */
export function publishAccess(dataDir: string, url: string, user: LocalUser | undefined): () => void {
  const file = fileOf(dataDir);
  // The mode of an existing file would stay.
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(Access.parse({ url, user })), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Returns what a run stored. After a run that was killed, it is that run's. @returns undefined where there is none. */
export function readAccess(dataDir: string): Access | undefined {
  try {
    return Access.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}
