import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Caller } from '../api/access.ts';
import type { CallError } from '../api/call-error.ts';
import { type Client, shownError } from '../api/client.ts';
import type { SessionState } from './session.ts';

interface Known {
  /** Undefined until the service has answered, and for a user without a role. */
  readonly caller: Caller | undefined;
  /** Changes where another user signs in after a session has ended. */
  readonly user: number;
  readonly error: CallError | undefined;
  readonly retry: () => void;
}

/** Loads who is signed in, with each sign-in. */
export function useCaller(client: Client, state: SessionState, generation: number): Known {
  const [caller, setCaller] = useState<Caller | undefined>();
  const [error, setError] = useState<CallError | undefined>();
  const [user, setUser] = useState(0);
  const last = useRef<string | undefined>(undefined);

  const load = useCallback(async () => {
    setError(undefined);
    try {
      const { body } = await client.call('GET /whoami', {});
      if (last.current !== undefined && last.current !== body.who) setUser((before) => before + 1);
      last.current = body.who;
      setCaller(body);
    } catch (reason) {
      setError(shownError(reason));
    }
  }, [client]);

  useEffect(() => {
    setCaller(undefined);
    if (state === 'in') void load();
    else setError(undefined);
  }, [load, state, generation]);
  return { caller, user, error, retry: () => void load() };
}
