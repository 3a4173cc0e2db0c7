import { callerOf } from '../access/caller.ts';
import type { HttpMiddleware } from './http-middleware.ts';

/** Reads who calls from the token that the gateway has checked, for the middlewares and the handler further in. */
export const caller = (groupsClaim: string): HttpMiddleware => ({
  before: ({ event, context }) => {
    context.caller = callerOf(event, groupsClaim);
  },
});
