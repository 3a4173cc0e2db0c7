import { useApp } from '../../app-context.ts';
import { ConfirmDialog } from '../../parts/dialog.tsx';
import type { Key } from './types.ts';

interface Props {
  readonly apiKey: Key;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

export function RevokeKey({ apiKey: { id, name }, onChange, onClose }: Props) {
  const { client, announce } = useApp();
  async function revoke(): Promise<void> {
    await client.call('DELETE /api-keys/{key_id}', { parameters: { key_id: id } });
    announce('The key is revoked.');
  }
  return (
    <ConfirmDialog
      title={`Revoke the key of ${name}?`}
      action="Revoke for ever"
      typed={id}
      onConfirm={revoke}
      onDone={() => {
        onClose();
        onChange();
      }}
      onClose={onClose}
    >
      <p>
        Programs that use the key are refused, at the latest once api_key_cache_seconds are over. It cannot be undone.
      </p>
    </ConfirmDialog>
  );
}
