import { useState } from 'preact/hooks';
import { useApp } from '../../../app-context.ts';
import { Button } from '../../../parts/button.tsx';
import { TextField } from '../../../parts/field.tsx';
import { LocalTimeField, localText } from '../../../parts/local-time.tsx';

interface Props {
  /** The chosen version; empty for the current one. */
  readonly version: string;
  /** The chosen moment, RFC 3339; empty for none. */
  readonly asOf: string;
  /** The number of the current version. */
  readonly current: number;
}

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
        <LocalTimeField label="As of (your time zone)" value={moment} onInput={setMoment} />
        <Button submits>Show</Button>
      </form>
      {(version !== '' || asOf !== '') && <Button onPress={() => choose({})}>Current version</Button>}
    </div>
  );
}
