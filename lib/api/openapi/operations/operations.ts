import type { routes } from '../../../../functions/routes.ts';
import { login, refreshTokens } from './auth.ts';
import { docsFile, docsPage, listAddresses, openapiDocument } from './docs.ts';
import { eraseGroup, redactGroup } from './erasure.ts';
import { getGroup, listGroups, refreshGroup, trackGroups } from './groups.ts';
import { deepHealth, health } from './health.ts';
import { diffGroup, groupHistory } from './history.ts';
import type { Operation } from './operation.ts';
import { listVerifications } from './verifications.ts';
import { anycheckWebhook } from './webhook.ts';

const OPERATIONS: Readonly<Record<keyof typeof routes, Operation>> = {
  listVerifications,
  trackGroups,
  listGroups,
  getGroup,
  refreshGroup,
  groupHistory,
  diffGroup,
  eraseGroup,
  redactGroup,
  login,
  refreshTokens,
  health,
  deepHealth,
  anycheckWebhook,
  listAddresses,
  openapiDocument,
  docsPage,
  docsFile,
};

/** The texts and examples by operation id. The type requires them for every route. */
export const operations: ReadonlyMap<string, Operation> = new Map(Object.entries(OPERATIONS));
