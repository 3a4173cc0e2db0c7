import type { ComponentChildren } from 'preact';

interface Props {
  readonly children: ComponentChildren;
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  /** Submits the form around it. */
  readonly submits?: boolean;
  /** Shows that the step runs, and takes no further press. The button keeps its focus. */
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  /** What a screen reader says where the text alone is ambiguous. */
  readonly label?: string;
  readonly isPressed?: boolean;
  readonly onPress?: () => void;
}

export function Button(props: Props) {
  const { children, kind = 'plain', submits, isBusy = false, isDisabled = false, label, isPressed, onPress } = props;
  return (
    <button
      type={submits ? 'submit' : 'button'}
      class={`button ${kind}`}
      disabled={isDisabled}
      aria-busy={isBusy}
      aria-disabled={isBusy || undefined}
      aria-label={label}
      aria-pressed={isPressed}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onPress?.();
      }}
    >
      {children}
    </button>
  );
}
