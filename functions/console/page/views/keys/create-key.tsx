import { useState } from 'preact/hooks';
import { KEY_ROLES } from '../../../../domain/api-keys/api-key.ts';
import { useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { ChoiceField, TextField } from '../../parts/field.tsx';
import { FormPanel } from '../../parts/form-panel.tsx';
import type { IssuedKey } from './types.ts';

interface Props {
  readonly onIssued: (key: IssuedKey) => void;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** The form of a new key. */
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
    <FormPanel
      title="Create a key"
      action="Create"
      isRunning={create.isRunning}
      error={create.error}
      onSubmit={() => void create.run()}
      onClose={onClose}
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
    </FormPanel>
  );
}
