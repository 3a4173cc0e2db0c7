import { Time } from '../../../parts/time.tsx';
import { outcomeText } from '../outcome.ts';
import type { Delivery } from '../types.ts';

/** How many attempts a delivery had, and the log of the last ones. */
export function Attempts({ delivery: { attempts, attempt_count } }: { readonly delivery: Delivery }) {
  const last = attempts.at(-1);
  if (!last) return <span class="quiet-text">none yet</span>;
  return (
    <details>
      <summary>{`${attempt_count}, the last ${last.error ?? `answered ${last.status}`}`}</summary>
      {attempt_count > attempts.length && <p class="quiet-text">Older attempts are not kept.</p>}
      <ol>
        {attempts.map((attempt) => (
          <li key={attempt.at}>
            <Time at={attempt.at} />: {outcomeText(attempt)}
          </li>
        ))}
      </ol>
    </details>
  );
}
