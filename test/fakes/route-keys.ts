import { methodsOf, pathsOf, type Route, routeKey } from '../../functions/route.ts';

/** What the gateway calls a route for callers with a token, or for anybody: once for each of its methods. */
export const routeKeys = (route: Route): string[] =>
  methodsOf(route).map((method) => routeKey({ method, path: route.path }));

/** What the gateway calls a route for callers with an API key. */
export const routeKeysOfKeys = (route: Route): string[] =>
  pathsOf(route).flatMap(({ path, credential }) =>
    credential === 'key' ? methodsOf(route).map((method) => routeKey({ method, path })) : [],
  );
