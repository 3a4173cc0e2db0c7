import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { shownError } from '../api/client.ts';
import { useTask } from '../api/use-task.ts';
import { useApp } from '../app-context.ts';
import { Button } from './button.tsx';
import { TextField } from './field.tsx';
import { Problem } from './problem.tsx';

interface DialogProps {
  readonly title: string;
  /** Whether a step runs. The dialog stays until the user can see how it ended. */
  readonly isBusy: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A modal dialog. It is open while it is rendered. The focus returns when it closes. */
export function Dialog({ title, isBusy, onClose, children }: DialogProps) {
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
        if (!isBusy) onClose();
      }}
      onKeyDown={(event) => {
        // A browser closes a dialog at the second Escape, whatever onCancel says.
        if (isBusy && event.key === 'Escape') event.preventDefault();
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
  /** The step. Where it fails, the dialog stays and shows why; after the user has left the view, an announcement says so. */
  readonly onConfirm: () => Promise<void>;
  /** Called after the step, unless the user has left the view meanwhile. */
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Requests a confirmation of a step that destroys something. Each opening is a new attempt, without an earlier error. */
export function ConfirmDialog(props: ConfirmProps) {
  const { title, children, action, typed, onConfirm, onDone, onClose } = props;
  const { announce } = useApp();
  const [text, setText] = useState('');
  const isOpen = useRef(true);
  useEffect(
    () => () => {
      isOpen.current = false;
    },
    [],
  );
  const step = useTask(async () => {
    try {
      await onConfirm();
    } catch (error) {
      // The browser's back leaves a view whose step runs.
      if (!isOpen.current) announce(`“${action}” failed. ${shownError(error)?.message ?? ''}`);
      throw error;
    }
    if (isOpen.current) onDone();
  });
  const isConfirmed = typed === undefined || text.trim() === typed;
  return (
    <Dialog title={title} isBusy={step.isRunning} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isConfirmed) void step.run();
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
        {step.error && <Problem error={step.error} />}
        <div class="row end">
          <Button isDisabled={step.isRunning} onPress={onClose}>
            Cancel
          </Button>
          <Button submits kind="danger" isDisabled={!isConfirmed} isBusy={step.isRunning}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
