import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type * as z from 'zod/mini';
import type { Env } from '../../functions/docs/env.ts';
import { DESCRIPTION, INDEX, PAGE, type Packed } from '../../functions/docs/files.ts';
import type { listAddresses } from '../../functions/docs/routes.ts';
import type { routes as allRoutes } from '../../functions/routes.ts';
import project from '../../package.json' with { type: 'json' };
import type { Identity } from '../identity/identity.ts';
import { type Capability, configuration, Lambda, merge } from '../lambda.ts';
import type { Routes } from './deployed-routes.ts';
import { docsHtml } from './docs-page.ts';
import { openapi } from './openapi/document.ts';

const textAt = (url: string): string => readFileSync(fileURLToPath(url), 'utf8');

/** The OpenAPI document of the routes that a deployment has, as JSON. */
export const description = (routes: Routes): string => JSON.stringify(openapi(routes, project.version));

/** The routes that `GET /` names, by operation id, and the purpose by which it names each. */
const PURPOSES = {
  docsPage: 'docs',
  consolePage: 'console',
  openapiDocument: 'openapi',
  health: 'health',
  deepHealth: 'health_deep',
  login: 'login',
  listVerifications: 'verifications',
  listGroups: 'groups',
} as const satisfies Partial<Record<keyof typeof allRoutes, string>>;

/** The addresses of a deployment, as JSON. */
export const index = (routes: Routes): string =>
  JSON.stringify({
    service: 'anycheck-snapshots',
    version: project.version,
    addresses: Object.fromEntries(
      Object.entries(PURPOSES).flatMap(([id, purpose]) => {
        const route = routes[id];
        return route === undefined ? [] : [[purpose, route.path]];
      }),
    ),
  } satisfies z.input<(typeof listAddresses)['answers'][200]['schema']>);

interface DocsProps {
  readonly routes: Routes;
  readonly callers: ReturnType<Identity['callers']>;
  readonly isOpenapiPublic: boolean;
  readonly logRetention: RetentionDays;
}

/** The Lambda that serves the OpenAPI document and a page that shows it. Both are files in its asset. */
export const docs = (scope: Construct, { routes, callers, isOpenapiPublic, logRetention }: DocsProps): Lambda =>
  new Lambda(scope, 'Docs', {
    folder: 'docs',
    uses: merge(
      callers,
      configuration({ OPENAPI_ACCESS: isOpenapiPublic ? ('public' as const) : ('viewer' as const) }),
    ) satisfies Capability<Env>,
    timeout: Duration.seconds(5),
    memory: 512,
    logRetention,
    files: () =>
      ({
        [DESCRIPTION]: description(routes),
        [INDEX]: index(routes),
        [PAGE]: docsHtml(!isOpenapiPublic),
        'swagger-ui.css': textAt(import.meta.resolve('swagger-ui-dist/swagger-ui.css')),
        'page.css': textAt(import.meta.resolve('../../functions/docs/browser/page.css')),
        'swagger-ui-bundle.js': textAt(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
        'start.js': textAt(import.meta.resolve('../../functions/docs/browser/start.js')),
      }) satisfies Record<Packed, string>,
  });
