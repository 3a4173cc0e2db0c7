import { STATUSES } from '../../../domain/group/phase.ts';

/**
 * Returns the CSS class with the colour of a status. A status that AnyCheck does not document has the colour of all such
 * ones, so that its text never becomes a class.
 */
export const statusClass = (status: string | null): string =>
  status !== null && STATUSES.includes(status) ? `status-${status.toLowerCase()}` : 'status-other';

/** A status of AnyCheck. Null where AnyCheck sent none. */
export function Status({ status }: { readonly status: string | null }) {
  return <span class={`chip ${statusClass(status)}`}>{status ?? 'no status'}</span>;
}

interface StateProps {
  readonly tone: 'good' | 'busy' | 'warning' | 'bad' | 'neutral';
  readonly children: string;
}

/** A state of the service's own things, such as an endpoint. */
export function State({ tone, children }: StateProps) {
  return <span class={`chip tone-${tone}`}>{children}</span>;
}
