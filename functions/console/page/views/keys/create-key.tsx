import { useState } from 'preact/hooks';
import { KEY_ROLES } from '../../../../domain/api-keys/api-key.ts';
import { useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../parts/button.tsx';
import { ChoiceField, TextField } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import type { IssuedKey } from './types.ts';

interface Props {
  readonly onIssued: (key: IssuedKey) => void;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** The form of a new key. It keeps what was typed where the service refuses it. */
export function CreateKey({ onIssued, onChange, onClose }: Props) {
  const { client, announce } = useApp();
  const [name, setName] = useState('');
  const [role, setRole] = useState<string>(KEY_ROLES[0]);
  const [days, setDays] = useState('90');
  const create = useTask(async () => {
    const chosen = KEY_ROLES.find((one) => one === role) ?? KEY_ROLES[0];
    try {
      const body = { name, role: chosen, expires_in_days: Number(days) };
      const answer = await client.call('POST /api-keys', { body });
      announce('The key is created.');
      onIssued(answer.body);
      onClose();
    } finally {
      // A call without an answer can have created it.
      onChange();
    }
  });
  return (
    <section class="panel" aria-label="Create a key">
      <h2>Create a key</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create.run();
        }}
      >
        <TextField
          label="Name"
          value={name}
          onInput={setName}
          help="Which program the key is for."
          maxLength={100}
          isRequired
        />
        <ChoiceField
          label="Role"
          value={role}
          options={KEY_ROLES.map((one) => [one, one] as const)}
          onChange={setRole}
          help="A viewer reads groups. An operator also tracks and refreshes them."
        />
        <TextField
          label="Days until it ends"
          type="number"
          value={days}
          onInput={setDays}
          help="1 to 365. AnyCheck advises 90."
          isRequired
        />
        {create.error && <Problem error={create.error} />}
        <div class="row">
          <Button submits kind="primary" isBusy={create.isRunning}>
            Create
          </Button>
          <Button onPress={onClose}>Cancel</Button>
        </div>
      </form>
    </section>
  );
}
