import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { CallError } from '../api/call-error.ts';
import { Button } from './button.tsx';
import { Problem } from './problem.tsx';
import { useFocus } from './use-focus.ts';

interface Props {
  readonly title: string;
  readonly children: ComponentChildren;
  /** The text of the button. */
  readonly action: string;
  readonly isDisabled?: boolean;
  readonly isRunning: boolean;
  readonly error: CallError | undefined;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
}

/** A form of a view. What was typed stays where the service refuses it. */
export function FormPanel({ title, children, action, isDisabled, isRunning, error, onSubmit, onClose }: Props) {
  const id = useId();
  const heading = useFocus();
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        {error && <Problem error={error} />}
        <div class="row">
          <Button submits kind="primary" isBusy={isRunning} isDisabled={isDisabled ?? false}>
            {action}
          </Button>
          <Button onPress={onClose}>Cancel</Button>
        </div>
      </form>
    </section>
  );
}
