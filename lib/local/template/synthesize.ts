import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { ROLES } from '../../../functions/runtime/access/role.ts';
import { LocalFault } from '../fault.ts';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const CdkJson = z.object({ app: z.string(), context: z.record(z.string(), z.unknown()).default({}) });

/** A placeholder for AnyCheck's URL in a template for the local run. Each start replaces it with the real URL. */
export const ANYCHECK_PLACEHOLDER_URL = 'http://anycheck.invalid';

export interface Synthesis {
  readonly outdir: string;
  /** Overrides the context of cdk.json and the local run's own context. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Synthesizes the app for the local run. One synthesis serves any number of starts. It runs the `app` of cdk.json
 * without the CDK CLI, which would double the time.
 * @returns the cloud assembly's directory.
 * @throws LocalFault with the app's output when the app fails.
 */
export async function synthesize({ context, outdir, signal }: Synthesis): Promise<string> {
  const cdk = CdkJson.parse(JSON.parse(await readFile(join(PROJECT, 'cdk.json'), 'utf8')));
  const merged = { ...cdk.context, ...LOCAL_CONTEXT, ...context };
  const [command = '', ...rest] = cdk.app.split(/\s+/);
  await rm(outdir, { recursive: true, force: true });
  const child = spawn(command === 'node' ? process.execPath : command, rest, {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
    env: {
      ...process.env,
      // Validation against CloudFormation's rules takes longer than the rest of the synthesis, and only a deployment
      // needs it.
      CDK_VALIDATION: 'false',
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...defaultMachines(merged), ...merged }),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', resolve);
  const status = await promise;
  if (status !== 0) throw new LocalFault(`The app (${cdk.app}) could not be synthesized:\n${output.trim()}`);
  return outdir;
}

const LOCAL_CONTEXT = {
  stage: 'local',
  anycheck_base_url: ANYCHECK_PLACEHOLDER_URL,
  removal_policy: 'destroy',
  // Paths name the log files.
  'aws:cdk:enable-path-metadata': true,
};

/** One machine per role to try, unless the context names machines or another issuer. */
const defaultMachines = (context: Readonly<Record<string, unknown>>) =>
  context.machine_clients === undefined && context.oidc_issuer === undefined
    ? {
        machine_clients: Object.fromEntries(ROLES.map((role) => [`local-${role}`, role])),
        auth_domain_prefix: 'anycheck-snapshots-local',
      }
    : {};
