import { mayDo, type Role } from '../access/role.ts';
import { ApiError } from '../rest/api-error.ts';
import type { HttpMiddleware } from './http-middleware.ts';

/** Rejects a caller that lacks the role of a route. @throws ApiError 403. */
export const role = (least: Role): HttpMiddleware => ({
  before: ({ context }) => {
    const own = context.caller?.role;
    if (mayDo(own, least)) return;
    throw new ApiError(403, 'FORBIDDEN', `This needs the role ${least}; this token has ${own ?? 'none'}.`);
  },
});
