import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { absoluteTime } from './absolute-time.ts';
import { relativeTime } from './relative-time.ts';

const TICK_MS = 10_000;
const Now = createContext(0);

/** Moves the present of all times below it, every 10 seconds. */
export function Clock({ children }: { readonly children: ComponentChildren }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return <Now.Provider value={now}>{children}</Now.Provider>;
}

/** Returns the present, ms since the epoch, to 10 seconds. */
export const useNow = (): number => useContext(Now);

/** A time, relative to now. The title holds it in full. */
export function Time({ at, none = 'never' }: { readonly at: string | null; readonly none?: string }) {
  // Each tick renders the time again. It is relative to the moment of the rendering, which can be after the tick.
  useNow();
  if (at === null) return <span class="quiet-text">{none}</span>;
  return (
    <time dateTime={at} title={`${absoluteTime(Date.parse(at))} (${at})`}>
      {relativeTime(Date.parse(at), Date.now())}
    </time>
  );
}
