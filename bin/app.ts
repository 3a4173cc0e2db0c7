import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import { BUNDLES } from '../lib/bundle.ts';
import { annotateOptInRegion } from '../lib/opt-in-regions.ts';
import { parseSettings } from '../lib/settings/settings.ts';
import { readStageFile } from '../lib/settings/stage-file.ts';
import { SnapshotsStack } from '../lib/stack.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

// Stack traces would put the paths of this machine into the assembly. In cdk.json the CLI warns about the key.
const app = new App({ context: { [DISABLE_CREATION_STACK_TRACES]: true } });
try {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION } = process.env;
  // Without credentials the CDK sets no account, and its region may be a default that the operator did not choose.
  const region = (account && CDK_DEFAULT_REGION) || undefined;
  const context = app.node.getAllContext();
  const file = readStageFile({ root: ROOT, context, env: process.env });
  const settings = parseSettings(context, { region, file });
  if (process.env[BUNDLES] && settings.stage !== 'local') {
    throw new Error(`${BUNDLES} is for the local run alone: unset it, or old code is deployed.`);
  }
  annotateOptInRegion(new SnapshotsStack(app, `anycheck-snapshots-${settings.stage}`, { settings }), region);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
