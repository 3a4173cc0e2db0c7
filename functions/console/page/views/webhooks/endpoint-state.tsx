import { State } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import type { Endpoint } from './types.ts';

const TONES = { active: 'good', failing: 'warning', paused: 'bad', disabled: 'neutral' } as const;

const MEANINGS: Readonly<Record<Endpoint['state'], string>> = {
  active: 'It receives events.',
  failing: 'The last attempt failed. Deliveries are tried again by themselves.',
  paused: 'Many attempts failed, so deliveries wait. One at a time is tried until the receiver answers 2xx.',
  disabled: 'Nothing is sent.',
};

const REASONS: Readonly<Record<NonNullable<Endpoint['disabled_reason']>, string>> = {
  FAILING: 'The service disabled it, because all attempts failed for days. Repair the receiver, then enable it.',
  GONE: 'The service disabled it, because it answered 410. Enable it if that was a mistake.',
};

/** The state of an endpoint, since when it fails included. */
export function EndpointState({ endpoint: { state, failing_since } }: { readonly endpoint: Endpoint }) {
  return (
    <span>
      <State tone={TONES[state]}>{state}</State>
      {failing_since && (
        <span class="quiet-text">
          {' failing since '}
          <Time at={failing_since} />
        </span>
      )}
    </span>
  );
}

/** What the state of an endpoint means, and what to do. */
export const stateMeaning = ({ state, disabled_reason }: Endpoint): string =>
  disabled_reason === null ? MEANINGS[state] : REASONS[disabled_reason];
