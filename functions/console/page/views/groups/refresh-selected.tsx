import { useState } from 'preact/hooks';
import { shownError } from '../../api/client.ts';
import { useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../parts/button.tsx';
import { count } from '../../parts/count.ts';
import { Progress } from '../../parts/progress.tsx';

interface Props {
  /** The selected groups. */
  readonly ids: readonly string[];
  readonly isAll: boolean;
  readonly onSelectAll: (isSelected: boolean) => void;
  readonly onDone: () => void;
}

interface Failed {
  readonly id: string;
  readonly message: string;
}

/** Requests a refresh of each selected group. */
export function RefreshSelected({ ids, isAll, onSelectAll, onDone }: Props) {
  const { client, announce } = useApp();
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const [failed, setFailed] = useState<readonly Failed[]>([]);

  const refresh = useTask(async () => {
    const failures: Failed[] = [];
    let done = 0;
    setFailed([]);
    setProgress({ done, total: ids.length });
    // The client limits how many calls run at once.
    await Promise.all(
      ids.map(async (id) => {
        try {
          await client.call('POST /groups/{result_id}/refresh', { parameters: { result_id: id } });
        } catch (error) {
          failures.push({ id, message: shownError(error)?.message ?? '' });
        }
        setProgress({ done: ++done, total: ids.length });
      }),
    );
    setFailed(failures);
    announce(`Requested: ${count(done - failures.length, 'refresh', 'refreshes')}. Failed: ${failures.length}.`);
    onDone();
  });

  return (
    <>
      <div class="row">
        <label class="row">
          <input type="checkbox" checked={isAll} onChange={(event) => onSelectAll(event.currentTarget.checked)} />
          Select all shown
        </label>
        <Button isDisabled={ids.length === 0} isBusy={refresh.isRunning} onPress={() => void refresh.run()}>
          {`Refresh ${ids.length} selected`}
        </Button>
        {refresh.isRunning && <Progress label="Refreshes" {...progress} />}
      </div>
      {failed.length > 0 && (
        <ul class="error-text">
          {failed.map(({ id, message }) => (
            <li key={id}>
              <code>{id}</code>: {message}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
