import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ROLES } from '../../../functions/runtime/access/role.ts';
import { BUNDLES } from '../../bundle.ts';
import { bundleAll } from './bundles.ts';
import { BUNDLE_INPUTS, hashOf, INPUTS } from './inputs.ts';
import { PROJECT, runInProject } from './project-process.ts';
import { makeIfChanged } from './reuse.ts';

const CdkJson = z.object({ app: z.string(), context: z.record(z.string(), z.unknown()).default({}) });

/** A placeholder for AnyCheck's URL in a template for the local run. Each start replaces it with the real URL. */
export const ANYCHECK_PLACEHOLDER_URL = 'http://anycheck.invalid';

export interface Synthesis {
  readonly outdir: string;
  /** Overrides the context of cdk.json and the local run's own context. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** A directory that `bundleAll` filled. Default: the functions are bundled. */
  readonly bundles?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Synthesizes the app for the local run. One synthesis serves any number of starts. It runs the `app` of cdk.json
 * without the CDK CLI, which would double the time.
 * @returns the cloud assembly's directory.
 * @throws LocalFault with the app's output when the app fails.
 */
export async function synthesize({ context, outdir, bundles, signal }: Synthesis): Promise<string> {
  await rm(outdir, { recursive: true, force: true });
  const own = `${outdir}.bundles`;
  if (bundles === undefined) await bundleAll(own, signal);
  await run(await appFor(context), { outdir, bundles: bundles ?? own, signal });
  return outdir;
}

/**
 * Synthesizes the app for the local run, unless `outdir` holds a cloud assembly of the same inputs. One process at a time
 * may use `outdir`.
 * @returns the cloud assembly's directory.
 * @throws LocalFault with the app's output when the app fails.
 */
export async function synthesizeIfChanged({ context, outdir, bundles, signal }: Synthesis): Promise<string> {
  const app = await appFor(context);
  const runtime = [process.execPath, process.version, process.platform, process.arch];
  const own = `${outdir}.bundles`;
  const make = (directory: string) => bundleAll(directory, signal);
  await makeIfChanged({
    outdir,
    inputs: hashOf(PROJECT, INPUTS, [app, runtime]),
    async make(directory) {
      if (bundles === undefined) {
        await makeIfChanged({ outdir: own, inputs: hashOf(PROJECT, BUNDLE_INPUTS, runtime), make });
      }
      await run(app, { outdir: directory, bundles: bundles ?? own, signal });
    },
  });
  return outdir;
}

/** The app of cdk.json, and the environment variables that decide what it synthesizes. */
interface App {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** @param context overrides the context of cdk.json and the local run's own context. */
export async function appFor(context: Synthesis['context']): Promise<App> {
  const cdk = CdkJson.parse(JSON.parse(await readFile(join(PROJECT, 'cdk.json'), 'utf8')));
  const merged = { ...cdk.context, ...LOCAL_CONTEXT, ...context };
  const [command = '', ...args] = cdk.app.split(/\s+/);
  const env = {
    // Validation against CloudFormation's rules takes longer than the rest of the synthesis, and only a deployment needs
    // it.
    CDK_VALIDATION: 'false',
    CDK_CONTEXT_JSON: JSON.stringify({ ...defaultMachines(merged), ...merged }),
  };
  return { command: command === 'node' ? process.execPath : command, args, env };
}

const run = ({ command, args, env }: App, { outdir, bundles = '', signal }: Synthesis): Promise<void> =>
  runInProject({
    ...{ command, args, signal },
    env: { ...env, CDK_OUTDIR: outdir, [BUNDLES]: bundles },
    purpose: `The app (${[command, ...args].join(' ')}) could not be synthesized`,
  });

const LOCAL_CONTEXT = {
  stage: 'local',
  // The context of cdk.json may require a file, and the local run has none.
  require_config: false,
  anycheck_base_url: ANYCHECK_PLACEHOLDER_URL,
  removal_policy: 'destroy',
  webhook_allow_loopback: true,
  // Each concurrent delivery is a thread of its own, with some 50 MB.
  delivery_concurrency: 4,
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
