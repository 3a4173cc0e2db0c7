import { useState } from 'preact/hooks';
import type { ConsoleLogin } from '../../login.ts';
import type { CallError } from '../api/call-error.ts';
import type { Client } from '../api/client.ts';
import { useTask } from '../api/use-task.ts';
import { Button } from '../parts/button.tsx';
import { TextField } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { ViewTitle } from '../parts/view-title.tsx';
import { signInAtIssuer } from './oidc.ts';
import type { Session } from './session.ts';
import { endOf } from './tokens.ts';

interface Props {
  readonly settings: ConsoleLogin;
  readonly client: Client;
  readonly session: Session;
  /** Why a sign-in at the issuer failed. */
  readonly failure: CallError | undefined;
}

export function SignIn({ settings, client, session, failure }: Props) {
  return (
    <div class="sign-in">
      <ViewTitle>Sign in</ViewTitle>
      {session.state() === 'ended' && (
        <p role="status">The session is over. Sign in to go on. What you typed is still there.</p>
      )}
      {failure && <Problem error={failure} />}
      {settings.login === 'oidc' ? (
        <IssuerForm settings={settings} />
      ) : (
        <PasswordForm client={client} session={session} />
      )}
    </div>
  );
}

function PasswordForm({ client, session }: Pick<Props, 'client' | 'session'>) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const login = useTask(async () => {
    const { body } = await client.call('POST /auth/login', { body: { email, password } });
    setPassword('');
    session.begin({
      accessToken: body.access_token,
      refreshToken: body.refresh_token,
      endsAt: endOf(body.access_token, Date.now()),
    });
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void login.run();
      }}
    >
      <TextField label="Email" type="email" value={email} onInput={setEmail} autoComplete="username" isRequired />
      <TextField
        label="Password"
        type="password"
        value={password}
        onInput={setPassword}
        autoComplete="current-password"
        isRequired
      />
      {login.error && <Problem error={login.error} />}
      <Button submits kind="primary" isBusy={login.isRunning}>
        Sign in
      </Button>
    </form>
  );
}

function IssuerForm({ settings }: { readonly settings: Extract<ConsoleLogin, { login: 'oidc' }> }) {
  const { run, isRunning, error } = useTask(() => signInAtIssuer(settings));
  return (
    <>
      <p>{`You sign in at ${new URL(settings.issuer).host}, and return here.`}</p>
      {error && <Problem error={error} />}
      <Button kind="primary" isBusy={isRunning} onPress={() => void run()}>
        Sign in
      </Button>
    </>
  );
}
