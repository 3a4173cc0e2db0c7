import { useEffect, useRef } from 'preact/hooks';

/**
 * Moves the focus to a heading when it appears, so that a screen reader says what has opened. The focus returns when the
 * heading leaves.
 */
export function useFocus() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    heading.current?.focus();
    return () => {
      if (activeElement instanceof HTMLElement) activeElement.focus();
    };
  }, []);
  return heading;
}
