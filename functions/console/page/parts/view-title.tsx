import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app-context.ts';

interface Props {
  readonly children: string;
}

/** The heading of a view. It receives the focus when the view opens and after a sign-in, so that a screen reader says where the user is. */
export function ViewTitle({ children }: Props) {
  const { generation } = useApp();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    document.title = `${children} – anycheck-snapshots`;
  }, [children, generation]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
