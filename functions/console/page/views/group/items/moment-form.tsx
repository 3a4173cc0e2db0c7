import { useState } from 'preact/hooks';
import { useApp } from '../../../app-context.ts';
import { Button } from '../../../parts/button.tsx';
import { Field, TextField } from '../../../parts/field.tsx';

interface Props {
  /** The chosen version; empty for the current one. */
  readonly version: string;
  /** The chosen moment, RFC 3339; empty for none. */
  readonly asOf: string;
  /** The number of the current version. */
  readonly current: number;
}

const MINUTE_MS = 60_000;

/** Chooses a version, or the moment at which a version was current. */
export function MomentForm({ version, asOf, current }: Props) {
  const { set } = useApp();
  const [number, setNumber] = useState(version);
  const [moment, setMoment] = useState(asOf === '' ? '' : localText(asOf));
  const choose = (chosen: { version?: string; as_of?: string }) =>
    set({ version: '', as_of: '', offset: '', item: '', ...chosen });
  return (
    <div class="row fields">
      <form
        class="row fields"
        onSubmit={(event) => {
          event.preventDefault();
          choose({ version: number });
        }}
      >
        <TextField label={`Version, 1 to ${current}`} type="number" value={number} onInput={setNumber} />
        <Button submits>Show</Button>
      </form>
      <form
        class="row fields"
        onSubmit={(event) => {
          event.preventDefault();
          if (moment !== '') choose({ as_of: new Date(moment).toISOString() });
        }}
      >
        <Field label="As of (your time zone)">
          {(wiring) => (
            <input
              {...wiring}
              type="datetime-local"
              step={1}
              value={moment}
              onInput={(event) => setMoment(event.currentTarget.value)}
            />
          )}
        </Field>
        <Button submits>Show</Button>
      </form>
      {(version !== '' || asOf !== '') && <Button onPress={() => choose({})}>Current version</Button>}
    </div>
  );
}

/** Returns a time as a control for local times takes it: `2026-11-29T08:00:00`. */
function localText(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 19);
}
