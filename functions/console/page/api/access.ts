import { mayDo } from '../../../runtime/access/role.ts';
import type { Body, RouteKey, Routes } from './route-types.ts';

/** The routes of steps and views that a role may lack, with the least role of each. */
const LEAST = {
  'POST /groups': 'operator',
  'POST /groups/{result_id}/refresh': 'operator',
  'POST /groups/{result_id}/redact': 'admin',
  'DELETE /groups/{result_id}': 'admin',
  'GET /health/deep': 'operator',
  'GET /webhook-endpoints': 'operator',
  'POST /webhook-endpoints': 'admin',
  'PATCH /webhook-endpoints/{endpoint_id}': 'admin',
  'DELETE /webhook-endpoints/{endpoint_id}': 'admin',
  'POST /webhook-endpoints/{endpoint_id}/rotate-secret': 'admin',
  'POST /webhook-endpoints/{endpoint_id}/test': 'operator',
  'GET /webhook-endpoints/{endpoint_id}/deliveries': 'operator',
  'POST /webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/resend': 'operator',
  'POST /webhook-endpoints/{endpoint_id}/recover': 'operator',
  'GET /api-keys': 'admin',
  'POST /api-keys': 'admin',
  'POST /api-keys/{key_id}/rotate': 'admin',
  'DELETE /api-keys/{key_id}': 'admin',
} as const satisfies { readonly [Key in RouteKey]?: Routes[Key]['access'] };

/** The routes that no machine may call. */
const FOR_PEOPLE: { readonly [Key in PeopleRoute]: true } = {
  'GET /api-keys': true,
  'POST /api-keys': true,
  'POST /api-keys/{key_id}/rotate': true,
  'DELETE /api-keys/{key_id}': true,
};
type PeopleRoute = {
  [Key in RouteKey]: Routes[Key] extends { readonly isForPeople: true } ? Key : never;
}[RouteKey];

export type LimitedRoute = keyof typeof LEAST;
export type Caller = Body<'GET /whoami'>;

/**
 * Whether a caller may call a route. The service decides again: the page hides only what it would refuse.
 * @param caller undefined until the service has named the caller, and for a user without a role.
 */
export const mayCall = (caller: Caller | undefined, route: LimitedRoute): boolean =>
  mayDo(caller?.role, LEAST[route]) && (caller?.is_person === true || !(route in FOR_PEOPLE));
