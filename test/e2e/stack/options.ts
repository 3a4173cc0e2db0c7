import { routes } from '../../../functions/routes.ts';
import type { LocalOptions } from '../../../lib/local/main.ts';
import type { Sandbox } from '../../../lib/sandbox/server.ts';

export const WEBHOOK_TOKEN = 'webhook-token-of-the-tests';
export const USER = { email: 'operator@example.com', password: 'local-password' };

/** Short, so that a test sees a revoked key end. */
export const API_KEY_CACHE_SECONDS = 1;

/** How end-to-end tests run the service beside a sandbox, unless one says otherwise. */
export const optionsBeside = ({ url, credentials }: Sandbox) =>
  ({
    anycheckBaseUrl: url,
    anycheckCredentials: { apiKey: credentials.apiKey },
    sweepSeconds: 1,
    user: { ...USER, groups: ['admin'] },
    webhookToken: WEBHOOK_TOKEN,
    webhookPath: routes.anycheckWebhook.path,
  }) satisfies Partial<LocalOptions>;
