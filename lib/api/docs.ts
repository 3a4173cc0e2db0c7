import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { DESCRIPTION, type Packed } from '../../functions/docs/files.ts';
import { routes } from '../../functions/routes.ts';
import project from '../../package.json' with { type: 'json' };
import { configuration, Lambda } from '../lambda.ts';
import { openapi } from './openapi/document.ts';

const textAt = (url: string): string => readFileSync(fileURLToPath(url), 'utf8');

/**
 * The OpenAPI document of the routes that a deployment has, as JSON.
 * @param hasLogin whether the login routes are among them.
 */
export const description = (hasLogin: boolean): string =>
  JSON.stringify(
    openapi(
      Object.fromEntries(Object.entries(routes).filter(([, { lambda }]) => hasLogin || lambda !== 'auth')),
      project.version,
    ),
  );

/** The Lambda that serves the OpenAPI document and a page that shows it. Both are files in its asset. */
export const docs = (scope: Construct, hasLogin: boolean, logRetention: RetentionDays): Lambda =>
  new Lambda(scope, 'Docs', {
    folder: 'docs',
    uses: configuration({}),
    timeout: Duration.seconds(5),
    memory: 512,
    logRetention,
    files: {
      [DESCRIPTION]: () => description(hasLogin),
      'swagger-ui.css': () => textAt(import.meta.resolve('swagger-ui-dist/swagger-ui.css')),
      'swagger-ui-bundle.js': () => textAt(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
    } satisfies Record<Packed, () => string>,
  });
