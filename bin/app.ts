import { App } from 'aws-cdk-lib';
import { parseSettings } from '../lib/settings.ts';
import { SnapshotsStack } from '../lib/stack.ts';

const app = new App();
try {
  const settings = parseSettings(app.node.getAllContext());
  new SnapshotsStack(app, `anycheck-snapshots-${settings.stage}`, { settings });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
