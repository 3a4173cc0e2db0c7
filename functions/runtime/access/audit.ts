import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { resultIdFrom } from '../../domain/group/result-id.ts';
import { NOTHING, type Route } from '../../route.ts';
import { jsonBody } from '../rest/http-event.ts';
import type { AuditLine } from './audit-line.ts';
import { AUDIT_MARK, MAX_GROUPS, MAX_WHO_CHARACTERS } from './audit-mark.ts';

export interface Audited {
  readonly request: string;
  /** The gateway's name of the route. A HEAD is a call of its own. */
  readonly route: string;
  /** The token's subject. */
  readonly who: string;
  /**
   * The values that the call names as its groups. The line contains the UUIDs among the first MAX_GROUPS, each once.
   */
  readonly groups: readonly unknown[];
  /** The answer's status. */
  readonly outcome: number;
}

/**
 * Writes one line for a call that can change or reveal personal data. The line is short whatever the request contains,
 * because CloudWatch truncates long lines.
 */
export function writeAuditLine({ request, route, who, groups, outcome }: Audited): void {
  const line: AuditLine = {
    [AUDIT_MARK]: route,
    at: new Date().toISOString(),
    who: who.slice(0, MAX_WHO_CHARACTERS),
    groups: [...new Set(groups.slice(0, MAX_GROUPS).flatMap((one) => resultIdFrom(one) ?? []))],
    outcome,
    request,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const WithResultIds = z.object({ result_ids: z.array(z.unknown()) });

/** The values that a request names as its groups, from the inputs of its route. A refused request has them, too. */
export function groupsNamed(route: Route, event: APIGatewayProxyEventV2): unknown[] {
  const id = event.pathParameters?.result_id;
  const named: unknown[] = id === undefined ? [] : [id];
  if ('result_id' in route.query.shape) named.push(...new URLSearchParams(event.rawQueryString).getAll('result_id'));
  return route.body === NOTHING ? named : [...named, ...idsIn(event)];
}

function idsIn(event: APIGatewayProxyEventV2): unknown[] {
  try {
    return WithResultIds.parse(jsonBody(event)).result_ids;
  } catch {
    return [];
  }
}
