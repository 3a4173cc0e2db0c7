import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { useFocus } from './use-focus.ts';

interface Props {
  readonly title: string;
  /** What the secret is for, and what ends. */
  readonly children: ComponentChildren;
  readonly secret: string;
  readonly onClose: () => void;
}

/**
 * A secret that the service returns once. It is on the screen alone, until the user closes it or leaves the view. A view
 * shows each one that it received: a second one must not replace the first.
 */
export function Secret({ title, children, secret, onClose }: Props) {
  const heading = useFocus();
  const id = useId();
  return (
    <section class="panel stack" aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {children}
      <p>
        <strong>Store it now. It is gone when you leave this view, and no call returns it again.</strong>
      </p>
      <p class="row">
        <code>{secret}</code>
        <CopyButton text={secret}>Copy</CopyButton>
      </p>
      <Button onPress={onClose}>I have stored it</Button>
    </section>
  );
}
