import { type ClaimNames, callerOf } from '../access/caller.ts';
import type { HttpMiddleware } from './http-middleware.ts';

/** Reads the caller from the token that the gateway has verified, for the inner middlewares and the handler. */
export const caller = (claims: ClaimNames): HttpMiddleware => ({
  before: ({ event, context }) => {
    context.caller = callerOf(event, claims);
  },
});
