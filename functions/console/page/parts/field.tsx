import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Wiring {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
}

interface Props {
  readonly label: string;
  /** What to enter. */
  readonly help?: string | undefined;
  /** What is wrong with the entry. */
  readonly error?: string | undefined;
  /** Returns the control, which takes the wiring as its attributes. */
  readonly children: (wiring: Wiring) => ComponentChildren;
}

/** A labelled control with its help and its error. */
export function Field({ label, help, error, children }: Props) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {help && (
        <small id={`${id}-help`} class="quiet-text">
          {help}
        </small>
      )}
      {error && (
        <small id={`${id}-error`} class="error-text" role="alert">
          {error}
        </small>
      )}
    </div>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly help?: string | undefined;
  readonly error?: string | undefined;
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'number';
  readonly autoComplete?: string;
  readonly isRequired?: boolean;
  readonly maxLength?: number;
}

export function TextField({ label, value, onInput, help, error, type = 'text', ...more }: TextProps) {
  // Preact's types have one variant of an input for each type, so a union of types fits none of them.
  const variant: object = { type };
  return (
    <Field label={label} help={help} error={error}>
      {(wiring) => (
        <input
          {...wiring}
          {...variant}
          value={value}
          required={more.isRequired}
          maxLength={more.maxLength}
          autoComplete={more.autoComplete ?? 'off'}
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  /** Values with their texts. */
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
  readonly help?: string;
}

export function ChoiceField({ label, value, options, onChange, help }: ChoiceProps) {
  return (
    <Field label={label} help={help}>
      {(wiring) => (
        <select {...wiring} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {options.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
