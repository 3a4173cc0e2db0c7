import { resultIdFrom } from '../domain/result-id.ts';
import { type Route, routeKey } from '../route.ts';
import type { AuditLine } from './audit-line.ts';
import { AUDIT_MARK, MOST_GROUPS, MOST_WHO } from './audit-mark.ts';

export interface Audited {
  readonly request: string;
  readonly route: Route;
  /** The token's subject. */
  readonly who: string;
  /** Whatever the call names as its groups: of the first MOST_GROUPS those that are UUIDs are written, each once. */
  readonly groups: readonly unknown[];
  /** The answer's status. */
  readonly outcome: number;
}

/** One line for a call that may change or reveal personal data. It is short, whatever was sent: CloudWatch cuts long ones. */
export function audit({ request, route, who, groups, outcome }: Audited): void {
  const line: AuditLine = {
    [AUDIT_MARK]: routeKey(route),
    at: new Date().toISOString(),
    who: who.slice(0, MOST_WHO),
    groups: [...new Set(groups.slice(0, MOST_GROUPS).flatMap((one) => resultIdFrom(one) ?? []))],
    outcome,
    request,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
