import type { EndpointDetails } from './types.ts';

/** What became of an endpoint's deliveries of events of the last 24 hours. */
export function Counts({ counts }: { readonly counts: EndpointDetails['counts_24h'] }) {
  const { delivered, failed, pending, cancelled, complete } = counts;
  const others = [
    [failed, 'failed'],
    [pending, 'pending'],
    [cancelled, 'cancelled'],
  ] as const;
  return (
    <span>
      {`${delivered} delivered`}
      {others.map(
        ([count, name]) =>
          count > 0 && (
            <span key={name} class={name === 'failed' ? 'error-text' : 'quiet-text'}>
              {`, ${count} ${name}`}
            </span>
          ),
      )}
      {!complete && <span class="quiet-text"> of the newest 10,000</span>}
    </span>
  );
}
