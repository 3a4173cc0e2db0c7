import { useEffect, useState } from 'preact/hooks';
import type { Session, SessionState } from './session.ts';

interface Shown {
  readonly state: SessionState;
  readonly generation: number;
}

/** Renders again whenever the session changes. */
export function useSession(session: Session): Shown {
  const read = (): Shown => ({ state: session.state(), generation: session.generation() });
  const [shown, setShown] = useState(read);
  useEffect(() => session.onChange(() => setShown(read())), [session]);
  return shown;
}
