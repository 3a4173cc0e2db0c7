import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { resultIdFrom } from '../../domain/group/result-id.ts';
import { NOTHING, type Route, routeKey } from '../../route.ts';
import { jsonBody } from '../rest/http-event.ts';
import type { AuditLine } from './audit-line.ts';
import { AUDIT_MARK, MAX_GROUPS, MAX_WHO_CHARACTERS } from './audit-mark.ts';

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
export function writeAuditLine({ request, route, who, groups, outcome }: Audited): void {
  const line: AuditLine = {
    [AUDIT_MARK]: routeKey(route),
    at: new Date().toISOString(),
    who: who.slice(0, MAX_WHO_CHARACTERS),
    groups: [...new Set(groups.slice(0, MAX_GROUPS).flatMap((one) => resultIdFrom(one) ?? []))],
    outcome,
    request,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const Naming = z.object({ result_ids: z.array(z.unknown()) });

/** What a request names as its groups where its route looks for them, also a request that is refused. */
export function groupsNamed(route: Route, event: APIGatewayProxyEventV2): unknown[] {
  const id = event.pathParameters?.result_id;
  const named: unknown[] = id === undefined ? [] : [id];
  if ('result_id' in route.query.shape) named.push(...new URLSearchParams(event.rawQueryString).getAll('result_id'));
  return route.body === NOTHING ? named : [...named, ...idsIn(event)];
}

function idsIn(event: APIGatewayProxyEventV2): unknown[] {
  try {
    return Naming.parse(jsonBody(event)).result_ids;
  } catch {
    return [];
  }
}
