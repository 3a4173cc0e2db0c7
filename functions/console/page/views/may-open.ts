import type { LimitedRoute } from '../api/access.ts';
import type { View } from '../url/place.ts';

/** The route that a view needs. Every role may call those of the other views. */
const NEEDED: { readonly [One in View]?: LimitedRoute } = {
  health: 'GET /health/deep',
  webhooks: 'GET /webhook-endpoints',
  keys: 'GET /api-keys',
};

/** Whether the user may open a view. @param may whether the user may call a route. */
export function mayOpen(view: View, may: (route: LimitedRoute) => boolean): boolean {
  const route = NEEDED[view];
  return route === undefined || may(route);
}
