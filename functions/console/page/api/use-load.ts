import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import type { CallError } from './call-error.ts';
import { shownError } from './client.ts';

export interface Loaded<Data> {
  /** What was loaded last; undefined before that, and after the load changed to another thing. */
  readonly data: Data | undefined;
  /** The error of the last load; undefined where it succeeded. `data` is then older. */
  readonly error: CallError | undefined;
  readonly isLoading: boolean;
  /** Loads again, and keeps `data` meanwhile. */
  readonly reload: () => Promise<void>;
}

interface State<Data> {
  readonly key: string;
  readonly data?: Data;
  readonly error?: CallError | undefined;
  readonly isLoading: boolean;
}

/**
 * Loads what a view shows, again whenever the key changes and after a new sign-in.
 * @param key names what is loaded; undefined for nothing.
 * @param load is aborted where the view no longer needs it.
 * @param revision where it changes, the same thing is loaded again, and the view keeps what it has meanwhile.
 */
export function useLoad<Data>(
  key: string | undefined,
  load: (signal: AbortSignal) => Promise<Data>,
  revision = '',
): Loaded<Data> {
  const { generation } = useApp();
  const name = key ?? '';
  const [state, setState] = useState<State<Data>>({ key: name, isLoading: key !== undefined });
  const latest = useRef(load);
  latest.current = load;
  const running = useRef<AbortController | undefined>(undefined);

  const reload = useCallback(async () => {
    running.current?.abort();
    if (key === undefined) return;
    const own = new AbortController();
    running.current = own;
    setState((before) => (before.key === key ? { ...before, isLoading: true } : { key, isLoading: true }));
    try {
      const data = await latest.current(own.signal);
      if (!own.signal.aborted) setState({ key, data, isLoading: false });
    } catch (error) {
      if (own.signal.aborted) return;
      setState((before) => ({ ...before, key, error: shownError(error), isLoading: false }));
    }
  }, [key]);

  useEffect(() => {
    void reload();
    return () => running.current?.abort();
  }, [reload, generation, revision]);

  const isCurrent = state.key === name;
  return {
    data: isCurrent ? state.data : undefined,
    error: isCurrent ? state.error : undefined,
    isLoading: isCurrent ? state.isLoading : key !== undefined,
    reload,
  };
}
