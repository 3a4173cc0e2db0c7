import { CallError } from '../api/call-error.ts';
import { storedObject } from './stored.ts';
import type { Tokens } from './tokens.ts';

/** Whether a user is signed in. `ended`: the service refused the token, and the view keeps what was typed. */
export type SessionState = 'in' | 'out' | 'ended';

export interface Session {
  readonly state: () => SessionState;
  /** How many times a user has signed in since the page was loaded. */
  readonly generation: () => number;
  /**
   * Returns the access token, after a refresh where it is about to end; undefined where no user is signed in.
   * @throws CallError where the token has ended, and the refresh has no answer for now.
   */
  readonly token: () => Promise<string | undefined>;
  readonly begin: (tokens: Tokens) => void;
  /** Forgets the tokens. @param refused the token that the service refused; undefined where the user signs out. */
  readonly end: (refused?: string) => void;
  /** @returns a function that ends the subscription. */
  readonly onChange: (listener: () => void) => () => void;
}

interface Deps {
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly now: () => number;
  /** Trades a refresh token for new tokens. @throws CallError with the status of the answer. */
  readonly refresh: (refreshToken: string) => Promise<Tokens>;
}

const KEY = 'anycheck-snapshots.console';
/** Time before the end of a token from which on it is refreshed, ms. */
const RESERVE_MS = 60_000;

/**
 * Holds the tokens of this tab. The access token survives a reload of the tab. The refresh token is in memory alone. It is
 * used until the service or the issuer refuses it, or a refresh brings another one.
 */
export function createSession({ storage, now, refresh }: Deps): Session {
  let tokens = tokensIn(storedObject(storage, KEY));
  let state: SessionState = tokens ? 'in' : 'out';
  let generation = 0;
  let refreshing: Promise<void> | undefined;
  const listeners = new Set<() => void>();

  function become(next: SessionState, nextTokens: Tokens | undefined): void {
    state = next;
    tokens = nextTokens;
    if (tokens) storage.setItem(KEY, JSON.stringify({ accessToken: tokens.accessToken, endsAt: tokens.endsAt }));
    else storage.removeItem(KEY);
    for (const listener of listeners) listener();
  }

  async function refreshOnce(refreshToken: string, accessToken: string): Promise<void> {
    try {
      const next = await refresh(refreshToken);
      if (tokens?.accessToken === accessToken)
        become('in', { ...next, refreshToken: next.refreshToken ?? refreshToken });
    } catch (error) {
      if (tokens?.accessToken !== accessToken) return;
      if (isRefusal(error)) tokens = { accessToken, endsAt: tokens.endsAt };
      // A call with a token that has ended would end the session, although a later refresh can succeed.
      else if (tokens.endsAt !== undefined && tokens.endsAt <= now()) throw error;
    }
  }

  return {
    state: () => state,
    generation: () => generation,
    async token() {
      if (tokens?.refreshToken && tokens.endsAt !== undefined && tokens.endsAt - RESERVE_MS < now()) {
        refreshing ??= refreshOnce(tokens.refreshToken, tokens.accessToken).finally(() => {
          refreshing = undefined;
        });
        await refreshing;
      }
      return tokens?.accessToken;
    },
    begin(next) {
      generation++;
      become('in', next);
    },
    end(refused) {
      // A call that began with an earlier token must not end the session of the next one.
      if (refused !== undefined && refused !== tokens?.accessToken) return;
      become(refused === undefined ? 'out' : 'ended', undefined);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function tokensIn({ accessToken, endsAt }: Readonly<Record<string, unknown>>): Tokens | undefined {
  if (typeof accessToken !== 'string') return undefined;
  return { accessToken, endsAt: typeof endsAt === 'number' ? endsAt : undefined };
}

/** Whether another attempt with the same refresh token is useless. */
function isRefusal(error: unknown): boolean {
  const status = error instanceof CallError ? error.details.status : 0;
  return status >= 400 && status < 500 && status !== 429;
}
