import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { ROLES } from '../../../functions/runtime/access/role.ts';
import { LocalFault } from '../fault.ts';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const CdkJson = z.object({ app: z.string(), context: z.record(z.string(), z.unknown()).default({}) });

/** Where AnyCheck is, as far as a synthesis for the local run knows: a start puts the real address in its place. */
export const ANYCHECK_TO_BE_TOLD = 'http://anycheck.invalid';

export interface Synthesis {
  readonly outdir: string;
  /** Put over the context of cdk.json and what the local run needs in it. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Synthesizes the app for the local run; one synthesis serves any number of starts. It runs the `app` of cdk.json as the
 * CDK's command line does, but without that command line, which takes as long again.
 * @returns the cloud assembly's directory.
 * @throws LocalFault with what the app said, when it fails.
 */
export async function synthesize({ context, outdir, signal }: Synthesis): Promise<string> {
  const cdk = CdkJson.parse(JSON.parse(await readFile(join(PROJECT, 'cdk.json'), 'utf8')));
  const given = { ...cdk.context, ...LOCAL_CONTEXT, ...context };
  const [command = '', ...rest] = cdk.app.split(/\s+/);
  await rm(outdir, { recursive: true, force: true });
  const child = spawn(command === 'node' ? process.execPath : command, rest, {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
    env: {
      ...process.env,
      // Checking against CloudFormation's rules is the deployment's business, and takes longer than all the rest.
      CDK_VALIDATION: 'false',
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...machinesBeside(given), ...given }),
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', resolve);
  const status = await promise;
  if (status !== 0) throw new LocalFault(`The app (${cdk.app}) could not be synthesized:\n${said.trim()}`);
  return outdir;
}

const LOCAL_CONTEXT = {
  stage: 'local',
  anycheck_base_url: ANYCHECK_TO_BE_TOLD,
  removal_policy: 'destroy',
  // Paths name the log files.
  'aws:cdk:enable-path-metadata': true,
};

/** Machines to try roles with, unless some are named, or tokens come from an issuer somewhere else. */
const machinesBeside = (given: Readonly<Record<string, unknown>>) =>
  given.machine_clients === undefined && given.oidc_issuer === undefined
    ? {
        machine_clients: Object.fromEntries(ROLES.map((role) => [`local-${role}`, role])),
        auth_domain_prefix: 'anycheck-snapshots-local',
      }
    : {};
