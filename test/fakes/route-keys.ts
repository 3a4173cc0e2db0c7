import { methodsOf, type Route, routeKey } from '../../functions/route.ts';

/** What the gateway calls a route: once for each of its methods. */
export const routeKeys = (route: Route): string[] =>
  methodsOf(route).map((method) => routeKey({ method, path: route.path }));
