import type { routes } from '../../../../functions/routes.ts';
import { anycheckWebhook } from './anycheck-webhook.ts';
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from './api-keys.ts';
import { login, refreshTokens } from './auth.ts';
import { consoleFile, consolePage } from './console.ts';
import { docsFile, docsPage, listAddresses, openapiDocument } from './docs.ts';
import { eraseGroup, redactGroup } from './erasure.ts';
import { getGroup, listGroups, refreshGroup, trackGroups } from './groups.ts';
import { deepHealth, health } from './health.ts';
import { diffGroup, groupHistory, groupStatuses } from './history.ts';
import type { Operation } from './operation.ts';
import { listVerifications } from './verifications.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  getWebhookEndpoint,
  listWebhookDeliveries,
  listWebhookEndpoints,
  recoverWebhookDeliveries,
  resendWebhookDelivery,
  rotateWebhookSecret,
  testWebhookEndpoint,
  updateWebhookEndpoint,
} from './webhook-endpoints.ts';
import { whoami } from './whoami.ts';

const OPERATIONS: Readonly<Record<keyof typeof routes, Operation>> = {
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
};

/** The texts and examples by operation id. The type requires them for every route. */
export const operations: ReadonlyMap<string, Operation> = new Map(Object.entries(OPERATIONS));
