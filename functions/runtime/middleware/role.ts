import type { Route } from '../../route.ts';
import type { Caller } from '../access/caller.ts';
import { mayDo, type Role } from '../access/role.ts';
import { ApiError } from '../rest/api-error.ts';
import type { HttpMiddleware } from './http-middleware.ts';

/**
 * Rejects a caller that lacks the role of a route, or that is no person where the route is for people.
 * @param personClaim the claim that only tokens of people have.
 * @throws ApiError 403.
 */
export const role = (
  least: Role,
  { isForPeople }: Pick<Route, 'isForPeople'>,
  personClaim: string,
): HttpMiddleware => ({
  before: ({ context: { caller } }) => {
    const kind = caller?.kind ?? 'unknown';
    if (isForPeople && kind !== 'person') {
      throw new ApiError(403, 'FORBIDDEN', `Only a person may do this; ${noPerson(kind, personClaim)}.`);
    }
    const own = caller?.role;
    if (mayDo(own, least)) return;
    const has = `this ${kind === 'key' ? 'key' : 'token'} has ${own ?? 'none'}`;
    throw new ApiError(403, 'FORBIDDEN', `This needs the role ${least}; ${has}.`);
  },
});

function noPerson(kind: Exclude<Caller['kind'], 'person'>, personClaim: string): string {
  if (kind === 'key') return 'this is an API key';
  return kind === 'machine' ? "this token is a machine's" : `this token has no text in the claim ${personClaim}`;
}
