import { ClockTime } from '../../../parts/clock-time.tsx';
import type { Delivery } from '../types.ts';

/** When a delivery is tried next. */
export function NextAttempt({ delivery: { status, next_attempt } }: { readonly delivery: Delivery }) {
  if (next_attempt === null) {
    return <span class="quiet-text">{status === 'pending' ? 'once the endpoint works' : 'none'}</span>;
  }
  return <ClockTime at={next_attempt} />;
}
