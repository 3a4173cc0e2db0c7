import { identifier } from '../names.ts';
import type { State } from '../storage/state.ts';
import type { PoolClient } from './pools.ts';

/** An app client that logs in by itself. */
export interface MachineClient extends PoolClient {
  readonly secret: string;
}

/** The clients that have a secret, with it: made up once, and kept, so that a program can go on with it after a restart. */
export const withSecrets = (clients: readonly PoolClient[], state: State): MachineClient[] =>
  clients
    .filter(({ hasSecret }) => hasSecret)
    .map((client) => {
      const key = `issuer/client-secret/${client.id}`;
      const kept = state.get(key);
      const secret = kept ?? identifier(crypto.randomUUID(), 32) + identifier(crypto.randomUUID(), 20);
      if (kept === undefined) state.put(key, secret);
      return { ...client, secret };
    });
