import { useEffect, useRef } from 'preact/hooks';

/**
 * Moves the focus to a heading when it appears, so that a screen reader says what has opened. The focus returns when the
 * heading leaves. @param revision where it changes, the focus moves to the heading again.
 */
export function useFocus(revision = '') {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    return () => {
      if (activeElement instanceof HTMLElement) activeElement.focus();
    };
  }, []);
  useEffect(() => heading.current?.focus(), [revision]);
  return heading;
}
