import { fileURLToPath } from 'node:url';
import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Env } from '../../functions/docs/env.ts';
import type { VIEWER } from '../../functions/docs/files.ts';
import project from '../../package.json' with { type: 'json' };
import { type Capability, configuration, Lambda } from '../lambda.ts';

/** The files of the API's page, from their package: in this function's bundle and no other. */
const files: Readonly<Record<keyof typeof VIEWER, string>> = {
  'swagger-ui.css': fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui.css')),
  'swagger-ui-bundle.js': fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
};

/** What describes the API. @param hasLogin whether this deployment has the routes of logins. */
export const docs = (scope: Construct, hasLogin: boolean, logRetention: RetentionDays): Lambda =>
  new Lambda(scope, 'Docs', {
    folder: 'docs',
    uses: configuration({
      API_VERSION: project.version,
      NOT_DEPLOYED: hasLogin ? '' : 'auth',
    }) satisfies Capability<Env>,
    timeout: Duration.seconds(5),
    memory: 512,
    logRetention,
    files,
  });
