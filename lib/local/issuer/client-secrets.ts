import { identifier } from '../names.ts';
import type { State } from '../storage/state.ts';
import type { PoolClient } from './pools.ts';

/** An app client with a secret, which a machine uses. */
export interface MachineClient extends PoolClient {
  readonly secret: string;
}

/**
 * Returns the clients that have a secret. A secret is generated once and stored, so that it still works after a
 * restart.
 */
export const withSecrets = (clients: readonly PoolClient[], state: State): MachineClient[] =>
  clients
    .filter(({ hasSecret }) => hasSecret)
    .map((client) => {
      const key = `issuer/client-secret/${client.id}`;
      const stored = state.get(key);
      const secret = stored ?? identifier(crypto.randomUUID(), 32) + identifier(crypto.randomUUID(), 20);
      if (stored === undefined) state.put(key, secret);
      return { ...client, secret };
    });
