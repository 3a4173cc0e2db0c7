import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { LimitedRoute } from './api/access.ts';
import type { Client } from './api/client.ts';
import type { Navigation } from './url/use-place.ts';

/** What every view can use. */
export interface App extends Navigation {
  readonly client: Client;
  /** Whether the user may call a route. False until the service has named the user's role. */
  readonly may: (route: LimitedRoute) => boolean;
  /** Changes with each sign-in. What was loaded for an earlier user is loaded again. */
  readonly generation: number;
  /** Whether the view is on the screen: not while a user must sign in again. */
  readonly isShown: boolean;
  /** Shows a message and lets a screen reader say it, as after a step that succeeded. */
  readonly announce: (message: string) => void;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('A view is shown outside of the app.');
  return app;
}
