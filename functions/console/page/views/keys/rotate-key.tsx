import { useState } from 'preact/hooks';
import { useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import type { IssuedKey, Key } from './types.ts';

interface Props {
  readonly apiKey: Key;
  readonly onIssued: (key: IssuedKey) => void;
  readonly onClose: () => void;
}

/** Gives a key a new secret and a new end. */
export function RotateKey({ apiKey: { id, name }, onIssued, onClose }: Props) {
  const { client, announce } = useApp();
  const [hours, setHours] = useState('24');
  const [days, setDays] = useState('');
  const rotate = useTask(async () => {
    const body = { previous_valid_hours: Number(hours), ...(days !== '' && { expires_in_days: Number(days) }) };
    const answer = await client.call('POST /api-keys/{key_id}/rotate', { parameters: { key_id: id }, body });
    announce('The key is rotated.');
    onClose();
    onIssued(answer.body);
  });
  return (
    <Dialog title={`Rotate the key of ${name}?`} isBusy={rotate.isRunning} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void rotate.run();
        }}
      >
        <p>The key gets a new secret, which is shown once. Its id, name and role stay.</p>
        <TextField
          label="Hours for which the secret before stays valid"
          type="number"
          value={hours}
          onInput={setHours}
          help="0 to 168. 0 ends every earlier secret at once, as for a key that got out."
          isRequired
        />
        <TextField
          label="Days from now until the key ends"
          type="number"
          value={days}
          onInput={setDays}
          help="1 to 365. Empty: as many as before."
        />
        {rotate.error && <Problem error={rotate.error} />}
        <div class="row end">
          <Button isDisabled={rotate.isRunning} onPress={onClose}>
            Cancel
          </Button>
          <Button submits kind="primary" isBusy={rotate.isRunning}>
            Rotate
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
