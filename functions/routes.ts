import { login, refreshTokens } from './auth/routes.ts';
import { health } from './health/routes.ts';
import type { Route } from './route.ts';
import { listVerifications } from './verifications/routes.ts';
import { anycheckWebhook } from './webhook/routes.ts';

/** The one table of routes, each described beside the Lambda that answers it. */
export const routes = {
  listVerifications,
  login,
  refreshTokens,
  health,
  anycheckWebhook,
} as const satisfies Record<string, Route>;
