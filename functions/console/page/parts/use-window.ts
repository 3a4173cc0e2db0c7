import { useEffect, useRef, useState } from 'preact/hooks';

/** Rows that are rendered beyond each end of the visible part. */
const OVERSCAN = 20;

/**
 * Chooses the rows of a long list that are rendered: those in the visible part of its scroller.
 * @param height of a row in pixels.
 */
export function useWindow(count: number, height: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const [visible, setVisible] = useState({ top: 0, height: 0 });
  const measure = () => {
    const { current } = scroller;
    if (current) setVisible({ top: current.scrollTop, height: current.clientHeight });
  };
  useEffect(() => {
    const { current } = scroller;
    if (!current) return;
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(visible.top / height) - OVERSCAN);
  return {
    scroller,
    onScroll: measure,
    first,
    /** The row after the last one. */
    end: Math.min(count, Math.ceil((visible.top + visible.height) / height) + OVERSCAN),
    /** Scrolls to a row. */
    show(row: number) {
      scroller.current?.scrollTo({ top: Math.max(0, (row - 3) * height) });
    },
  };
}
