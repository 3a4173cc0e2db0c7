import { useState } from 'preact/hooks';
import { useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ConfirmDialog } from '../../parts/dialog.tsx';
import { Problem } from '../../parts/problem.tsx';
import type { Group } from '../groups/group-pages.ts';
import { curlFor, shownPath } from './curl.ts';
import type { Version } from './load-history.ts';

interface Props {
  readonly group: Group;
  /** Newest first; empty before they are loaded. */
  readonly versions: readonly Version[];
  readonly onChange: () => void;
}

/** What a user can do with a group. */
export function GroupActions({ group: { result_id, version, redacted }, versions, onChange }: Props) {
  const { client, may, announce, go, place } = useApp();
  const [confirming, setConfirming] = useState<'redact' | 'erase' | undefined>();
  const input = { parameters: { result_id } };
  const close = () => setConfirming(undefined);

  const refresh = useTask(async () => {
    await client.call('POST /groups/{result_id}/refresh', input);
    announce('A refresh is requested.');
    onChange();
  });
  async function redact(): Promise<void> {
    await client.call('POST /groups/{result_id}/redact', input);
    announce('The group is redacted.');
  }
  async function erase(): Promise<void> {
    await client.call('DELETE /groups/{result_id}', input);
    announce('The group is erased.');
  }
  const read = shownPath({ resultId: result_id, version, versions, params: place.params });

  return (
    <>
      <div class="row">
        {may('POST /groups/{result_id}/refresh') && (
          <Button kind="primary" isBusy={refresh.isRunning} onPress={() => void refresh.run()}>
            Refresh
          </Button>
        )}
        <CopyButton text={curlFor(location.origin, read)}>Copy as curl</CopyButton>
        {may('POST /groups/{result_id}/redact') && !redacted && (
          <Button kind="danger" onPress={() => setConfirming('redact')}>
            Redact
          </Button>
        )}
        {may('DELETE /groups/{result_id}') && (
          <Button kind="danger" onPress={() => setConfirming('erase')}>
            Erase
          </Button>
        )}
      </div>
      {refresh.error && <Problem error={refresh.error} onRetry={() => void refresh.run()} />}
      {confirming === 'redact' && (
        <ConfirmDialog
          title="Redact this group?"
          action="Redact for ever"
          typed={result_id}
          onConfirm={redact}
          onDone={() => {
            close();
            onChange();
          }}
          onClose={close}
        >
          <p>
            This removes personal data from all stored and future versions. Statuses and times stay. It cannot be
            undone.
          </p>
        </ConfirmDialog>
      )}
      {confirming === 'erase' && (
        <ConfirmDialog
          title="Erase this group?"
          action="Erase for ever"
          typed={result_id}
          onConfirm={erase}
          onDone={() => go({ view: 'groups', params: {} })}
          onClose={close}
        >
          <p>
            This deletes all versions of the group and ends its refreshes. The data at AnyCheck stays. It cannot be
            undone.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
