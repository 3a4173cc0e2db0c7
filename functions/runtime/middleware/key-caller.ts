import { type KeyGuard, keyCallerOf } from '../access/key-caller.ts';
import type { HttpMiddleware } from './http-middleware.ts';

type Internal = { keyUse?: Promise<void> };
/** The middleware of the paths that take API keys. A function without such a path does not load it. */
export type KeyCaller = HttpMiddleware<Internal>;

/**
 * Reads the caller from the API key of a request, for the inner middlewares and the handler. The record of the use is
 * written while the handler works, and is complete before the invocation ends.
 */
export const keyCaller = ({ check, used }: KeyGuard): KeyCaller => {
  const end: KeyCaller['after'] = async ({ internal }) => {
    await internal.keyUse;
  };
  return {
    before: async ({ event, context, internal }) => {
      const { keyId, ...caller } = await keyCallerOf(event, check);
      context.caller = caller;
      internal.keyUse = used(keyId);
    },
    after: end,
    onError: end,
  };
};
