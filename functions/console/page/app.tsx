import { useMemo } from 'preact/hooks';
import type { ConsoleLogin } from '../login.ts';
import { type LimitedRoute, mayCall } from './api/access.ts';
import type { CallError } from './api/call-error.ts';
import type { Client } from './api/client.ts';
import { AppContext } from './app-context.ts';
import { NavigationBar } from './navigation-bar.tsx';
import { Button } from './parts/button.tsx';
import { Empty } from './parts/empty.tsx';
import { Problem } from './parts/problem.tsx';
import { Clock } from './parts/time.tsx';
import { useAnnouncements } from './parts/use-announcements.ts';
import { ViewTitle } from './parts/view-title.tsx';
import type { Session } from './session/session.ts';
import { SignIn } from './session/sign-in.tsx';
import { useCaller } from './session/use-caller.ts';
import { useSession } from './session/use-session.ts';
import type { View } from './url/place.ts';
import { usePlace } from './url/use-place.ts';
import { GroupView } from './views/group.tsx';
import { GroupsView } from './views/groups.tsx';
import { HealthView } from './views/health.tsx';
import { KeysView } from './views/keys.tsx';
import { mayOpen } from './views/may-open.ts';
import { WebhooksView } from './views/webhooks.tsx';

const COMPONENTS: Readonly<Record<View, () => preact.ComponentChild>> = {
  groups: GroupsView,
  group: GroupView,
  health: HealthView,
  webhooks: WebhooksView,
  keys: KeysView,
};

interface Props {
  readonly settings: ConsoleLogin;
  readonly client: Client;
  readonly session: Session;
  /** Why a sign-in at the issuer failed. */
  readonly failure: CallError | undefined;
}

export function App({ settings, client, session, failure }: Props) {
  const { place, go, set } = usePlace();
  const { state, generation } = useSession(session);
  const { caller, confirmed, user, error, retry } = useCaller(client, state, generation);
  const { message, announce } = useAnnouncements();
  const isSignedIn = state === 'in';
  const isShown = isSignedIn && confirmed === generation;
  const app = useMemo(() => {
    const may = (route: LimitedRoute) => mayCall(caller, route);
    return { place, go, set, client, may, generation: confirmed, isShown, announce };
  }, [place, client, caller, confirmed, isShown, announce]);
  const CurrentView = COMPONENTS[place.view];
  return (
    <AppContext.Provider value={app}>
      <Clock>
        <header class="header">
          <span class="brand">anycheck-snapshots</span>
          {isSignedIn && (
            <>
              <NavigationBar />
              <div class="user">
                {caller && (
                  <span class="quiet-text" title={caller.who}>
                    {caller.role}
                  </span>
                )}
                <Button kind="quiet" onPress={() => session.end()}>
                  Sign out
                </Button>
              </div>
            </>
          )}
        </header>
        <div class="announcement" role="status" aria-live="polite">
          {message}
        </div>
        {error && <Problem error={error} onRetry={retry} />}
        {!isSignedIn && (
          <main>
            <SignIn settings={settings} client={client} session={session} failure={failure} />
          </main>
        )}
        {/* A view whose session ended keeps what the user typed. Another user gets a new one. */}
        {state !== 'out' && (
          <main key={user} hidden={!isShown}>
            {mayOpen(place.view, app.may) ? (
              <CurrentView key={`${place.view} ${place.params.id ?? ''}`} />
            ) : (
              caller && (
                <>
                  <ViewTitle>Not included</ViewTitle>
                  <Empty title="Your role does not include this view.">
                    <p>An admin can give you another role.</p>
                  </Empty>
                </>
              )
            )}
          </main>
        )}
      </Clock>
    </AppContext.Provider>
  );
}
