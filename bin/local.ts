import { enableCompileCache } from 'node:module';
import { COMPILE_CACHE } from '../lib/local/compile-cache.ts';

// Lambda runs in UTC, and a worker thread shares its process's time zone.
process.env.TZ = 'UTC';

// The imports that follow take a second without the cache.
enableCompileCache(COMPILE_CACHE);
const { routes } = await import('../functions/routes.ts');
const { run } = await import('../lib/local/run.ts');
const { FIXTURE_GROUPS } = await import('../lib/sandbox/groups/groups.ts');

const [group] = FIXTURE_GROUPS;
if (group === undefined) throw new Error('the sandbox has groups');
await run({
  loginPath: routes.login.path,
  listPath: routes.listVerifications.path,
  docsPath: routes.docsPage.path,
  consolePath: routes.consolePage.path,
  webhookPath: routes.anycheckWebhook.path,
  group,
});
