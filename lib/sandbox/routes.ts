import { answered, errorReply } from './api-error.ts';
import { authenticate, login, refreshSession } from './auth.ts';
import type { Call, SandboxContext } from './context.ts';
import { underFault } from './faults/fault-injection.ts';
import { retryVerification, reviewVerification } from './groups/edits.ts';
import { listVerifications } from './groups/list.ts';
import type { Reply } from './reply.ts';

/** One route. `:name` in its path template stands for any segment. */
export interface Route {
  method: string;
  path: string;
  answer(call: Call): Reply | Promise<Reply>;
}

/** The routes of AnyCheck that the sandbox supports. The rate limit does not count logins. */
export function apiRoutes(context: SandboxContext): Route[] {
  const guarded = (answer: (context: SandboxContext, call: Call) => Reply | Promise<Reply>) => async (call: Call) => {
    await authenticate(context, call);
    const { headers, refusal } = context.limiter.acquire(context.store.data.limits, context.now());
    if (refusal !== undefined) return errorReply(refusal, headers);
    const reply = await answered(() => answer(context, call));
    return reply.foreign ? reply : { ...reply, headers: { ...headers, ...reply.headers } };
  };
  return [
    {
      method: 'POST',
      path: '/auth/login',
      answer: (call) => underFault(context, { route: 'login' }, () => login(context, call)),
    },
    {
      method: 'POST',
      path: '/auth/refresh',
      answer: (call) => underFault(context, { route: 'refresh' }, () => refreshSession(context, call)),
    },
    { method: 'GET', path: '/verifications', answer: guarded(listVerifications) },
    { method: 'POST', path: '/verifications/:id/retry', answer: guarded(retryVerification) },
    { method: 'PUT', path: '/verifications/:id', answer: guarded(reviewVerification) },
  ];
}
