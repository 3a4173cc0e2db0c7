import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Role } from '../../runtime/access/role.ts';
import type { Client } from './api/client.ts';
import type { Navigation } from './url/use-place.ts';

/** What every view can use. */
export interface App extends Navigation {
  readonly client: Client;
  /** The user's role; undefined until the service has named it, and for a user without one. */
  readonly role: Role | undefined;
  /** Changes with each sign-in. What was loaded for an earlier user is loaded again. */
  readonly generation: number;
  /** Shows a message and lets a screen reader say it, as after a step that succeeded. */
  readonly announce: (message: string) => void;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('A view is shown outside of the app.');
  return app;
}
