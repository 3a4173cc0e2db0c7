import { useEffect, useState } from 'preact/hooks';
import { relativeTime } from './relative-time.ts';

const TICK_MS = 10_000;

/** A time, relative to now. The title holds it in full. */
export function Time({ at, none = 'never' }: { readonly at: string | null; readonly none?: string }) {
  const now = useNow();
  if (at === null) return <span class="quiet-text">{none}</span>;
  return (
    <time dateTime={at} title={`${new Date(at).toLocaleString()} (${at})`}>
      {relativeTime(Date.parse(at), now)}
    </time>
  );
}

/** Returns the present, ms since the epoch, again every 10 seconds. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
