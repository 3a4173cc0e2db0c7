import type { ComponentChildren } from 'preact';

interface Props {
  readonly title: string;
  /** What the user can do. */
  readonly children: ComponentChildren;
}

/** What a view shows where it has nothing else. */
export function Empty({ title, children }: Props) {
  return (
    <div class="empty">
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  );
}
