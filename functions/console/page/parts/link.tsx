import type { ComponentChildren } from 'preact';
import { useApp } from '../app-context.ts';
import { hrefOf, type Place } from '../url/place.ts';

interface Props {
  readonly to: Place;
  readonly children: ComponentChildren;
  readonly isCurrent?: boolean;
  readonly class?: string;
}

/** A link to a place of this page. With a modifier key, the browser opens it in another tab. */
export function Link({ to, children, isCurrent = false, class: name }: Props) {
  const { go } = useApp();
  return (
    <a
      href={hrefOf(to)}
      class={name}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
