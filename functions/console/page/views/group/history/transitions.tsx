import { useState } from 'preact/hooks';
import { Button } from '../../../parts/button.tsx';
import { Status } from '../../../parts/status.tsx';
import type { Version } from '../load-history.ts';

const PAGE = 100;

/** The changes of status of a version. They are rendered when they are opened. */
export function Transitions({ transitions }: Pick<Version, 'transitions'>) {
  const [shown, setShown] = useState(0);
  if (transitions.length === 0) return <span class="quiet-text">none</span>;
  return (
    <details onToggle={(event) => setShown(event.currentTarget.open ? Math.max(PAGE, shown) : 0)}>
      <summary>{`${transitions.length} changed status`}</summary>
      <ul class="plain">
        {transitions.slice(0, shown).map(({ verification_id, from, to }) => (
          <li key={verification_id}>
            <code>{verification_id}</code> <Status status={from} /> → <Status status={to} />
          </li>
        ))}
      </ul>
      {shown > 0 && shown < transitions.length && <Button onPress={() => setShown(shown + PAGE)}>Show more</Button>}
    </details>
  );
}
