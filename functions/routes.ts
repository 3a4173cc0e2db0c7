import { anycheckWebhook } from './anycheck-webhook/routes.ts';
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from './api-keys/routes.ts';
import { login, refreshTokens } from './auth/routes.ts';
import { consoleFile, consolePage } from './console/routes.ts';
import { docsFile, docsPage, listAddresses, openapiDocument } from './docs/routes.ts';
import { eraseGroup, redactGroup } from './erasure/routes.ts';
import { getGroup, listGroups, refreshGroup, trackGroups } from './groups/routes.ts';
import { health } from './health/routes.ts';
import { deepHealth } from './health-deep/routes.ts';
import { diffGroup, groupHistory, groupStatuses } from './history/routes.ts';
import type { Route } from './route.ts';
import { listVerifications } from './verifications/routes.ts';
import {
  listWebhookDeliveries,
  recoverWebhookDeliveries,
  resendWebhookDelivery,
} from './webhook-endpoints/delivery-routes.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  getWebhookEndpoint,
  listWebhookEndpoints,
  rotateWebhookSecret,
  testWebhookEndpoint,
  updateWebhookEndpoint,
} from './webhook-endpoints/routes.ts';
import { whoami } from './whoami/routes.ts';

/** The table of all routes, by operation id. Each route is defined next to the Lambda function that answers it. */
export const routes = {
  listVerifications,
  trackGroups,
  listGroups,
  getGroup,
  refreshGroup,
  groupHistory,
  groupStatuses,
  diffGroup,
  eraseGroup,
  redactGroup,
  login,
  refreshTokens,
  whoami,
  health,
  deepHealth,
  anycheckWebhook,
  createWebhookEndpoint,
  listWebhookEndpoints,
  getWebhookEndpoint,
  updateWebhookEndpoint,
  deleteWebhookEndpoint,
  rotateWebhookSecret,
  testWebhookEndpoint,
  listWebhookDeliveries,
  resendWebhookDelivery,
  recoverWebhookDeliveries,
  createApiKey,
  listApiKeys,
  rotateApiKey,
  revokeApiKey,
  listAddresses,
  openapiDocument,
  docsPage,
  docsFile,
  consolePage,
  consoleFile,
} as const satisfies Record<string, Route>;
