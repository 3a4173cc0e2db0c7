import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Env } from '../../functions/console/env.ts';
import { PAGE } from '../../functions/console/files.ts';
import type { ConsoleLogin } from '../../functions/console/login.ts';
import { type Capability, configuration, Lambda } from '../lambda.ts';
import type { Settings } from '../settings/settings.ts';
import { bundlePage } from './bundle-page.ts';
import { html } from './html.ts';

/** How people log in to the console; undefined where the deployment has none. */
export function consoleLoginOf(settings: Settings): ConsoleLogin | undefined {
  const { console_client_id: client_id, oidc_issuer: issuer, console_scopes: scopes } = settings;
  if (!settings.console) return undefined;
  if (issuer === undefined) return { login: 'password' };
  if (client_id === undefined) return undefined;
  const audience = settings.console_audience;
  return { login: 'oidc', issuer, client_id, scopes, ...(audience !== undefined && { audience }) };
}

/** The files of the console's asset, by name. */
export function consoleFiles(login: ConsoleLogin): Record<string, string> {
  const files = bundlePage();
  return { [PAGE]: html(login, files), ...Object.fromEntries(files.map(({ name, text }) => [name, text])) };
}

interface ConsoleProps {
  readonly login: ConsoleLogin;
  /** The origins beside its own and the issuer's that the page may call. */
  readonly connectOrigins: readonly string[];
  readonly logRetention: RetentionDays;
}

/** The Lambda that serves the console: a page, its script and its style sheet, which are files in its asset. */
export function consoleLambda(scope: Construct, { login, connectOrigins, logRetention }: ConsoleProps): Lambda {
  const issuer = login.login === 'oidc' ? [new URL(login.issuer).origin] : [];
  const origins = new Set([...issuer, ...connectOrigins]);
  return new Lambda(scope, 'Console', {
    folder: 'console',
    uses: configuration({ CONNECT_ORIGINS: [...origins].join(' ') }) satisfies Capability<Env>,
    timeout: Duration.seconds(5),
    memory: 512,
    logRetention,
    files: () => consoleFiles(login),
  });
}
