import { useMemo, useState } from 'preact/hooks';
import { parseIds } from '../../../../domain/groups/id-list.ts';
import { useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../parts/button.tsx';
import { count } from '../../parts/count.ts';
import { Field } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Progress } from '../../parts/progress.tsx';
import { type Tracked, trackBatches } from './track-batches.ts';

const NONE: Tracked = { done: 0, accepted: 0, known: 0 };
const MAX_LISTED = 100;
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Tracks a list of groups, which the user pastes or reads from a file. */
export function TrackList() {
  const { client, announce } = useApp();
  const [text, setText] = useState('');
  const [tracked, setTracked] = useState(NONE);
  const { ids, refused, duplicates } = useMemo(() => parseIds(text), [text]);
  const task = useTask(async () => {
    const from = tracked.done < ids.length ? tracked : NONE;
    const { accepted, known } = await trackBatches({ client, sleep, onProgress: setTracked }, ids, from);
    announce(`${count(accepted, 'group')} tracked from now on, ${known} before.`);
  });

  function change(next: string): void {
    setText(next);
    setTracked(NONE);
    task.forgetError();
  }

  return (
    <section class="panel stack" aria-label="Track groups">
      <h2>Track groups</h2>
      <Field label="result_ids" help="One a line. Empty lines, and lines that begin with #, have no meaning.">
        {(wiring) => (
          <textarea
            {...wiring}
            value={text}
            readOnly={task.isRunning}
            spellcheck={false}
            onInput={(event) => change(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Or a file with result_ids">
        {(wiring) => (
          <input
            {...wiring}
            type="file"
            disabled={task.isRunning}
            onChange={async (event) => change((await event.currentTarget.files?.[0]?.text()) ?? '')}
          />
        )}
      </Field>
      <div class="row">
        <Button kind="primary" isDisabled={ids.length === 0} isBusy={task.isRunning} onPress={() => void task.run()}>
          {tracked.done > 0 && tracked.done < ids.length ? 'Go on' : `Track ${count(ids.length, 'group')}`}
        </Button>
        {duplicates > 0 && <span class="quiet-text">{`Lines that repeat an id: ${duplicates}.`}</span>}
        {refused.length > 0 && <span class="error-text">{`Lines that are no result_id: ${refused.length}.`}</span>}
      </div>
      {tracked.done > 0 && <Progress label="Groups" done={tracked.done} total={ids.length} />}
      {tracked.done > 0 && <p>{`${tracked.accepted} tracked from now on, ${tracked.known} tracked before.`}</p>}
      {task.error && (
        <>
          <Problem error={task.error} />
          {tracked.done > 0 && <p>The groups before this one are tracked. “Go on” continues after them.</p>}
        </>
      )}
      {refused.length > 0 && (
        <details>
          <summary>Show these lines</summary>
          <ul>
            {refused.slice(0, MAX_LISTED).map(({ line, text: content }) => (
              <li key={line}>
                {`Line ${line}: `}
                <code>{content}</code>
              </li>
            ))}
            {refused.length > MAX_LISTED && <li>{`And ${refused.length - MAX_LISTED} more.`}</li>}
          </ul>
        </details>
      )}
    </section>
  );
}
