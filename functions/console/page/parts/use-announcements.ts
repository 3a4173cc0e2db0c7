import { useCallback, useEffect, useState } from 'preact/hooks';

const SHOWN_MS = 6_000;

/** Holds the last message for a while. A screen reader says it when it changes. */
export function useAnnouncements(): { readonly message: string; readonly announce: (message: string) => void } {
  const [{ message }, setLast] = useState({ message: '' });
  const announce = useCallback((next: string) => setLast({ message: next }), []);
  useEffect(() => {
    if (message === '') return;
    const timer = setTimeout(() => announce(''), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [message, announce]);
  return { message, announce };
}
