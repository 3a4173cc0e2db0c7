import { type Route, type RoutePath, routeKey } from '../../route.ts';
import { groupsNamed, writeAuditLine } from '../access/audit.ts';
import { apiErrorOf } from '../rest/api-error.ts';
import type { HttpMiddleware } from './http-middleware.ts';

/**
 * ms before the function's timeout at which an unfinished call writes its audit line. After the timeout it could not.
 */
const RESERVE_MS = 250;

type Internal = { auditTimer?: NodeJS.Timeout };
type Audit = HttpMiddleware<Internal>;
type Call = Parameters<NonNullable<Audit['before']>>[0];

/**
 * Writes one audit line for every call, whether it is answered, refused, fails, or times out.
 * @param path of the route that was called.
 */
export function audit(route: Route, path: RoutePath['path']): Audit {
  const write = ({ event, context }: Call, outcome: number) =>
    writeAuditLine({
      request: event.requestContext.requestId,
      route: routeKey({ method: event.requestContext.http.method, path }),
      who: context.caller?.who ?? '',
      groups: groupsNamed(route, event),
      outcome,
    });
  return {
    before: (call) => {
      const delayMs = call.context.getRemainingTimeInMillis() - RESERVE_MS;
      call.internal.auditTimer = setTimeout(() => write(call, 500), delayMs);
    },
    after: (call) => {
      clearTimeout(call.internal.auditTimer);
      write(call, call.response?.statusCode ?? 500);
    },
    onError: (call) => {
      // Without a timer, a middleware further out failed before the call began: it needs no audit line.
      if (call.internal.auditTimer === undefined) return;
      clearTimeout(call.internal.auditTimer);
      write(call, apiErrorOf(call.error)?.status ?? 500);
    },
  };
}
