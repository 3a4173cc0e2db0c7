import { useEffect, useRef, useState } from 'preact/hooks';
import type { CallError } from './call-error.ts';
import { shownError } from './client.ts';

export interface Task<Arguments extends readonly unknown[]> {
  /** Starts the task, unless it is running. */
  readonly run: (...args: Arguments) => Promise<void>;
  readonly isRunning: boolean;
  /** Why the last run failed. */
  readonly error: CallError | undefined;
  readonly forgetError: () => void;
}

/** A step that a user starts, such as a refresh: it runs once at a time, and its error stays until the next run. */
export function useTask<Arguments extends readonly unknown[]>(
  task: (...args: Arguments) => Promise<void>,
): Task<Arguments> {
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<CallError | undefined>();
  const busy = useRef(false);
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);

  async function run(...args: Arguments): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    setRunning(true);
    setError(undefined);
    try {
      await task(...args);
    } catch (reason) {
      if (isMounted.current) setError(shownError(reason));
    } finally {
      busy.current = false;
      if (isMounted.current) setRunning(false);
    }
  }
  return { run, isRunning, error, forgetError: () => setError(undefined) };
}
