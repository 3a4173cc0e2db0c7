import { Time } from '../../../parts/time.tsx';
import type { Delivery } from '../types.ts';

/** When a delivery is tried next, as a distance and by the clock. */
export function NextAttempt({ delivery: { status, next_attempt } }: { readonly delivery: Delivery }) {
  if (next_attempt === null) {
    return <span class="quiet-text">{status === 'pending' ? 'once the endpoint works' : 'none'}</span>;
  }
  return (
    <span>
      <Time at={next_attempt} /> <small class="quiet-text">{new Date(next_attempt).toLocaleString()}</small>
    </span>
  );
}
