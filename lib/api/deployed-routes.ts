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
}

/** The routes of a deployment. */
export function deployedRoutes({ hasLogin, isOpenapiPublic }: Variant): Routes {
  const all: Routes = isOpenapiPublic ? routes : { ...routes, openapiDocument: guardedDocument };
  return Object.fromEntries(Object.entries(all).filter(([, { lambda }]) => hasLogin || lambda !== 'auth'));
}
