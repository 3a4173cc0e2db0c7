import { routes } from '../functions/routes.ts';
import { run } from '../lib/local/run.ts';
import { FIXTURE_GROUPS } from '../lib/sandbox/groups/groups.ts';

// Lambda runs in UTC, and a worker thread shares its process's time zone.
process.env.TZ = 'UTC';

const [group] = FIXTURE_GROUPS;
if (group === undefined) throw new Error('the sandbox has groups');
await run({
  loginPath: routes.login.path,
  listPath: routes.listVerifications.path,
  docsPath: routes.docsPage.path,
  webhookPath: routes.anycheckWebhook.path,
  group,
});
