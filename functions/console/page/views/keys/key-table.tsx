import { useState } from 'preact/hooks';
import { useApp } from '../../app-context.ts';
import { Button } from '../../parts/button.tsx';
import { ClockTime } from '../../parts/clock-time.tsx';
import { State } from '../../parts/status.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { RevokeKey } from './revoke-key.tsx';
import { RotateKey } from './rotate-key.tsx';
import type { IssuedKey, Key } from './types.ts';

interface Props {
  readonly keys: readonly Key[];
  readonly onIssued: (key: IssuedKey) => void;
  readonly onChange: () => void;
}

const COLUMNS: readonly Column<Key>[] = [
  {
    title: 'Name',
    cell: ({ id, name }) => (
      <span class="long-text">
        {name}
        <br />
        <code class="quiet-text">{id}</code>
      </span>
    ),
  },
  { title: 'Role', cell: ({ role }) => role },
  { title: 'Ends', cell: (key) => <End apiKey={key} /> },
  { title: 'Last use', cell: ({ last_used_on }) => last_used_on ?? 'never' },
  { title: 'Created', cell: ({ created_at, created_by }) => <Act at={created_at} by={created_by} /> },
  {
    title: 'Rotated',
    cell: ({ rotated_at, rotated_by }) => <Act at={rotated_at} by={rotated_by} />,
  },
];

/** The keys, with the steps of each. */
export function KeyTable({ keys, onIssued, onChange }: Props) {
  const { may } = useApp();
  const [open, setOpen] = useState<{ readonly step: 'rotate' | 'revoke'; readonly key: Key } | undefined>();
  const close = () => setOpen(undefined);
  const steps: Column<Key> = {
    title: 'Steps',
    cell: (key) => (
      <span class="row">
        {may('POST /api-keys/{key_id}/rotate') && (
          <Button label={`Rotate ${key.name}`} onPress={() => setOpen({ step: 'rotate', key })}>
            Rotate
          </Button>
        )}
        {may('DELETE /api-keys/{key_id}') && (
          <Button kind="danger" label={`Revoke ${key.name}`} onPress={() => setOpen({ step: 'revoke', key })}>
            Revoke
          </Button>
        )}
      </span>
    ),
  };
  return (
    <>
      <Table caption="API keys" columns={[...COLUMNS, steps]} rows={keys} keyOf={({ id }) => id} />
      {open?.step === 'rotate' && <RotateKey apiKey={open.key} onIssued={onIssued} onClose={close} />}
      {open?.step === 'revoke' && <RevokeKey apiKey={open.key} onChange={onChange} onClose={close} />}
    </>
  );
}

function End({ apiKey: { status, expires_soon, expires_at } }: { readonly apiKey: Key }) {
  return (
    <span>
      <ClockTime at={expires_at} /> {status === 'expired' && <State tone="neutral">ended</State>}
      {expires_soon && <State tone="warning">ends soon: rotate it</State>}
    </span>
  );
}

/** When a person did something. The person is the subject of a token. */
function Act({ at, by }: { readonly at: string | null; readonly by: string | null }) {
  return (
    <span class="long-text">
      <Time at={at} />
      {by !== null && <small class="quiet-text">{` by ${by}`}</small>}
    </span>
  );
}
