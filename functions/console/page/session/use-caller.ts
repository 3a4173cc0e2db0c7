import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Caller } from '../api/access.ts';
import type { CallError } from '../api/call-error.ts';
import { type Client, shownError } from '../api/client.ts';
import type { SessionState } from './session.ts';

interface CallerState {
  /** Undefined until the service has answered, and for a user without a role. After an ended session: the earlier user. */
  readonly caller: Caller | undefined;
  /**
   * The sign-in whose user the views show. After an ended session, it is the earlier one until the service has named the
   * next user.
   */
  readonly confirmed: number;
  /** Changes where another user signs in after an ended session. */
  readonly user: number;
  readonly error: CallError | undefined;
  readonly retry: () => void;
}

interface Named {
  readonly caller: Caller;
  /** The sign-in of that user. */
  readonly generation: number;
  readonly user: number;
}

/** Loads who is signed in, with each sign-in. */
export function useCaller(client: Client, state: SessionState, generation: number): CallerState {
  const [named, setNamed] = useState<Named | undefined>();
  const [error, setError] = useState<CallError | undefined>();

  const load = useCallback(async () => {
    setError(undefined);
    try {
      const { body: caller } = await client.call('GET /whoami', {});
      setNamed((before) => {
        const isOther = before !== undefined && before.caller.who !== caller.who;
        return { caller, generation, user: (before?.user ?? 0) + (isOther ? 1 : 0) };
      });
    } catch (reason) {
      setError(shownError(reason));
    }
  }, [client, generation]);

  useEffect(() => {
    setError(undefined);
    if (state === 'in') void load();
    if (state === 'out') setNamed(undefined);
  }, [load, state]);
  return {
    caller: named?.caller,
    confirmed: named?.generation ?? generation,
    user: named?.user ?? 0,
    error,
    retry: () => void load(),
  };
}
