import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { routes } from '../../functions/routes.ts';
import { startLocal } from '../../lib/local/main.ts';
import { FIXTURE_GROUPS } from '../../lib/sandbox/groups/groups.ts';
import { startReceiver } from '../e2e/webhook-endpoints/receiver.ts';
import { launchChromium } from './browser/chromium.ts';
import { signIn } from './browser/sign-in.ts';

/** Writes a picture of each view of the console, with the groups of the sandbox, to `docs/images/`. `npm run screenshots` */

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const USER = { email: 'operator@example.com', password: 'local-password' };
/** ms after the start at which all groups of the sandbox have ended. */
const LIFE_MS = 45_000;

const Created = z.object({ id: z.string() });
const Tokens = z.object({ access_token: z.string() });
const ids = FIXTURE_GROUPS.map(({ resultId }) => resultId);
const [moving = '', , statement = '', failing = ''] = ids;

await using closing = new AsyncDisposableStack();
const dataDir = await mkdtemp(join(tmpdir(), 'screenshots-'));
closing.defer(() => rm(dataDir, { recursive: true, force: true }));
const receiver = await startReceiver('/hooks/anycheck');
closing.defer(() => receiver.close());
const stack = await startLocal({
  dataDir,
  webhookPath: routes.anycheckWebhook.path,
  user: { ...USER, groups: ['admin'] },
});
closing.defer(() => stack.close());
await stack.ready();

const call = async (method: string, path: string, body: unknown, token?: string) => {
  const response = await fetch(`${stack.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
};
const { access_token: token } = Tokens.parse(await (await call('POST', '/auth/login', USER)).json());
const add = async (path: string, body: object) => Created.parse(await (await call('POST', path, body, token)).json());

const endpoint = await add('/webhook-endpoints', { url: receiver.url, description: 'Loan origination' });
await add('/webhook-endpoints', { url: 'http://127.0.0.1:9/hooks', description: 'Reports' });
await add('/api-keys', { name: 'loan-origination', role: 'operator', expires_in_days: 90 });
await add('/api-keys', { name: 'monthly-report', role: 'viewer', expires_in_days: 5 });
await call('POST', '/groups', { result_ids: ids }, token);
console.log(`The groups of the sandbox take ${LIFE_MS / 1000} s.`);
await sleep(LIFE_MS);
stack.sandbox?.controls.addFaults({ kind: 'missing_id', result_id: failing, times: 9 });
await call('POST', `/groups/${failing}/refresh`, undefined, token);
await sleep(3_000);

const browser = await launchChromium();
closing.defer(() => browser.close());
const ofGroup = `?view=group&id=${moving}`;
const VIEWS = [
  ['groups', '?view=groups', 'light'],
  ['group', ofGroup, 'light'],
  ['items', `?view=group&id=${statement}&tab=items&item=0`, 'light'],
  ['history', `${ofGroup}&tab=history`, 'light'],
  ['compare', `${ofGroup}&tab=compare`, 'light'],
  ['health', '?view=health', 'light'],
  ['webhooks', '?view=webhooks', 'light'],
  ['webhook-endpoint', `?view=webhooks&id=${endpoint.id}`, 'light'],
  ['keys', '?view=keys', 'light'],
  ['dark', ofGroup, 'dark'],
] as const;
for (const scheme of ['light', 'dark'] as const) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 750 }, colorScheme: scheme });
  const page = await context.newPage();
  await page.goto(`${stack.url}/console`);
  await signIn(page, USER);
  for (const [name, query, colorScheme] of VIEWS) {
    if (colorScheme !== scheme) continue;
    await page.goto(`${stack.url}/console${query}`, { waitUntil: 'networkidle' });
    const json = page.getByRole('region', { name: /^JSON of/ });
    if ((await json.count()) > 0) await json.scrollIntoViewIfNeeded();
    const file = `console-${name}.png`;
    const { length } = await page.screenshot({ path: join(IMAGES, file) });
    console.log(`docs/images/${file}: ${Math.round(length / 1000)} KB`);
  }
}
