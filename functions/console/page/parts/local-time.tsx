import { Field } from './field.tsx';

const MINUTE_MS = 60_000;

interface Props {
  readonly label: string;
  /** Such as `2026-11-29T08:00:00`; empty for no time. */
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly help?: string;
  readonly isRequired?: boolean;
}

/** A control for a time in the user's time zone. */
export function LocalTimeField({ label, value, onInput, help, isRequired }: Props) {
  return (
    <Field label={label} help={help}>
      {(wiring) => (
        <input
          {...wiring}
          type="datetime-local"
          step={1}
          value={value}
          required={isRequired}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Returns a time as the control takes it, to the second; empty for a text that is no time. */
export function localText(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 19);
}
