import { useTask } from '../../api/use-task.ts';
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
  const revoke = useTask(async () => {
    await client.call('DELETE /api-keys/{key_id}', { parameters: { key_id: id } });
    announce('The key is revoked.');
    onClose();
    onChange();
  });
  return (
    <ConfirmDialog
      title={`Revoke the key of ${name}?`}
      action="Revoke for ever"
      typed={id}
      isRunning={revoke.isRunning}
      error={revoke.error}
      onConfirm={() => void revoke.run()}
      onClose={onClose}
    >
      <p>
        Programs that use the key are refused, at the latest once api_key_cache_seconds are over. It cannot be undone.
      </p>
    </ConfirmDialog>
  );
}
