import { useEffect, useRef, useState } from 'preact/hooks';
import type { Role } from '../../../runtime/access/role.ts';
import type { Client } from '../api/client.ts';
import type { SessionState } from './session.ts';

interface Caller {
  readonly who: string;
  readonly role: Role;
}

/**
 * Returns who is signed in, and the number of the user: it changes where another user signs in after an ended session.
 */
export function useCaller(client: Client, state: SessionState, generation: number) {
  const [caller, setCaller] = useState<Caller | undefined>();
  const [user, setUser] = useState(0);
  const last = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (state !== 'in') return setCaller(undefined);
    const next: Caller = { who: 'user', role: 'admin' };
    if (last.current !== undefined && last.current !== next.who) setUser((before) => before + 1);
    last.current = next.who;
    setCaller(next);
  }, [client, state, generation]);
  return { role: caller?.role, who: caller?.who, user };
}
