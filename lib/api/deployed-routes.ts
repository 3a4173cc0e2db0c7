import { guardedDocument } from '../../functions/docs/routes.ts';
import type { Route } from '../../functions/route.ts';
import { routes } from '../../functions/routes.ts';

/** The routes by operation id. */
export type Routes = Readonly<Record<string, Route>>;

/** What of the route table depends on the settings. */
export interface Variant {
  /** Whether the deployment has a user pool, and so the login routes. */
  readonly hasLogin: boolean;
  /** Whether the OpenAPI document requires no token. */
  readonly isOpenapiPublic: boolean;
  readonly hasConsole: boolean;
}

/** The routes of a deployment. */
export function deployedRoutes({ hasLogin, isOpenapiPublic, hasConsole }: Variant): Routes {
  const all: Routes = isOpenapiPublic ? routes : { ...routes, openapiDocument: guardedDocument };
  const isDeployed = ({ lambda }: Route) => (lambda === 'auth' ? hasLogin : lambda === 'console' ? hasConsole : true);
  return Object.fromEntries(Object.entries(all).filter(([, route]) => isDeployed(route)));
}
