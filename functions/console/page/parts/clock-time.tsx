import { Time } from './time.tsx';

/** A time that a user plans with: relative to now, and by the clock. */
export function ClockTime({ at }: { readonly at: string }) {
  return (
    <span>
      <Time at={at} /> <small class="quiet-text">{`(${new Date(at).toLocaleString()})`}</small>
    </span>
  );
}
