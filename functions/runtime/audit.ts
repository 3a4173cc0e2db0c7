import type { Route } from '../route.ts';
import { routeKey } from '../route.ts';

export interface Audited {
  readonly request: string;
  readonly route: Route;
  /** The token's subject. */
  readonly who: string;
  /** The groups that the call names, as far as it could be read. */
  readonly groups: readonly string[];
  /** The answer's status. */
  readonly outcome: number;
}

/** What tells an audit line from all others, for the filter that gathers them. */
const AUDIT_MARK = 'audit';

/** One line for a call that may change or reveal personal data: who, what, which groups, outcome; no content. */
export function audit({ request, route, who, groups, outcome }: Audited): void {
  const line = { [AUDIT_MARK]: routeKey(route), at: new Date().toISOString(), who, groups, outcome, request };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
