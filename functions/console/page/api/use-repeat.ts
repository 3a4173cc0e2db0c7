import { useEffect } from 'preact/hooks';

/**
 * Repeats a step some seconds after it has ended. While the tab is hidden nothing runs. A step that was due meanwhile runs
 * when the tab is shown again.
 */
export function useRepeat(step: () => Promise<void>, isIdle: boolean, delayMs: number): void {
  useEffect(() => {
    if (!isIdle) return;
    const dueAt = Date.now() + delayMs;
    const run = () => {
      if (!document.hidden && Date.now() >= dueAt) void step();
    };
    const timer = setTimeout(run, delayMs);
    document.addEventListener('visibilitychange', run);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', run);
    };
  }, [step, isIdle, delayMs]);
}
