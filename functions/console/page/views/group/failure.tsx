import { State } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import type { Group } from '../groups/group-pages.ts';

/** Whether the refreshes of a group fail: since when, and why. */
export function Failure({ group: { last_error, failing_since } }: { readonly group: Group }) {
  if (last_error === null) return <span class="quiet-text">no</span>;
  const { code, at, failures } = last_error;
  return (
    <span>
      <State tone="bad">{code}</State>{' '}
      {failing_since ? (
        <>
          since <Time at={failing_since} />
        </>
      ) : (
        <>
          {`${failures} in a row, last `}
          <Time at={at} />
        </>
      )}
    </span>
  );
}
