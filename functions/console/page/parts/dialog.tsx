import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CallError } from '../api/call-error.ts';
import { useApp } from '../app-context.ts';
import { Button } from './button.tsx';
import { TextField } from './field.tsx';
import { Problem } from './problem.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A modal dialog. It is open while it is rendered. The focus returns when it closes. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const { isShown } = useApp();
  useLayoutEffect(() => {
    // A dialog of a hidden view would still block the form of the sign-in.
    if (!isShown) return;
    const { current } = dialog;
    const { activeElement } = document;
    current?.showModal();
    return () => {
      current?.close();
      // The browser does not return the focus from a dialog that leaves the page.
      if (activeElement instanceof HTMLElement) activeElement.focus();
    };
  }, [isShown]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  /** What the step does, and what of it is for ever. */
  readonly children: ComponentChildren;
  /** The text of the button. */
  readonly action: string;
  /** What the user must type; undefined where a press is enough. */
  readonly typed?: string;
  readonly isRunning: boolean;
  readonly error: CallError | undefined;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Requests a confirmation of a step that destroys something. */
export function ConfirmDialog(props: ConfirmProps) {
  const { title, children, action, typed, isRunning, error, onConfirm, onClose } = props;
  const [text, setText] = useState('');
  const isConfirmed = typed === undefined || text.trim() === typed;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isConfirmed) onConfirm();
        }}
      >
        {children}
        {typed !== undefined && (
          <>
            <p>
              To confirm, type <code>{typed}</code>
            </p>
            <TextField label="Confirmation" value={text} onInput={setText} />
          </>
        )}
        {error && <Problem error={error} />}
        <div class="row end">
          <Button onPress={onClose}>Cancel</Button>
          <Button submits kind="danger" isDisabled={!isConfirmed} isBusy={isRunning}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
