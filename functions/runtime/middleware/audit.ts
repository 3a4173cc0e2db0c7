import type { Route } from '../../route.ts';
import { groupsNamed, writeAuditLine } from '../access/audit.ts';
import { apiErrorOf } from '../rest/api-error.ts';
import type { HttpMiddleware } from './http-middleware.ts';

/** ms before the end of a function's time at which a call that is still under way leaves its audit line: after it, it can't. */
const RESERVE_MS = 250;

type Internal = { auditTimer?: NodeJS.Timeout };
type Audit = HttpMiddleware<Internal>;
type Call = Parameters<NonNullable<Audit['before']>>[0];

/** Leaves an audit line of every call, however it ends: answered, refused, failed, or out of time. */
export function audit(route: Route): Audit {
  const leave = ({ event, context }: Call, outcome: number) =>
    writeAuditLine({
      request: event.requestContext.requestId,
      route,
      who: context.caller?.who ?? '',
      groups: groupsNamed(route, event),
      outcome,
    });
  return {
    before: (call) => {
      const left = call.context.getRemainingTimeInMillis() - RESERVE_MS;
      call.internal.auditTimer = setTimeout(() => leave(call, 500), left);
    },
    after: (call) => {
      clearTimeout(call.internal.auditTimer);
      leave(call, call.response?.statusCode ?? 500);
    },
    onError: (call) => {
      // What fails further out has not come to be a call that needs a line.
      if (call.internal.auditTimer === undefined) return;
      clearTimeout(call.internal.auditTimer);
      leave(call, apiErrorOf(call.error)?.status ?? 500);
    },
  };
}
