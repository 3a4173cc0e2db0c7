import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { inject } from 'vitest';
import * as z from 'zod';
import { BUDGET_KEY } from '../../functions/adapters/dynamodb/budget-row.ts';
import { documentClient } from '../../functions/adapters/dynamodb/requests/document-client.ts';
import { openapiDocument } from '../../functions/docs/routes.ts';
import { Failure } from '../../functions/route.ts';
import { routes } from '../../functions/routes.ts';
import { type LocalOptions, type LocalStack, startLocal } from '../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../lib/local/names.ts';
import { type Sandbox, startSandbox } from '../../lib/sandbox/server.ts';
import { describedBy } from './described.ts';

export const WEBHOOK_TOKEN = 'webhook-token-of-the-tests';
export const USER = { email: 'operator@example.com', password: 'local-password' };

export interface Running {
  readonly stack: LocalStack;
  /** AnyCheck, outside of the stack. */
  readonly sandbox: Sandbox;
  readonly dataDir: string;
  readonly token: string;
  /** `GET /verifications` of a group, with a good token unless the headers say otherwise. */
  list(query: string, headers?: Record<string, string>): Promise<Response>;
  /** Every answer that is got through here, or above and below, is checked against the API's description. */
  call(path: string, init?: RequestInit): Promise<Response>;
  /** A webhook's delivery, with a good token. A string is sent as it is. */
  deliver(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Ends the stack and starts it again on the same data. */
  restart(options?: Partial<LocalOptions>): Promise<void>;
  /** Forgets how the fleet stands with AnyCheck: holds, circuit, refused credentials. */
  forgive(): Promise<void>;
  stop(): Promise<void>;
}

/** The whole service as `npm start` runs it, on free ports and data of its own, beside a sandbox of AnyCheck. */
export async function startRunning(options: Partial<LocalOptions> = {}): Promise<Running> {
  const dataDir = await mkdtemp(join(tmpdir(), 'running-'));
  const sandbox = await startSandbox();
  const { apiKey } = sandbox.credentials;
  const start = (more: Partial<LocalOptions>) =>
    startLocal({
      assembly: inject('assembly'),
      dataDir,
      anycheckBaseUrl: sandbox.url,
      anycheckCredentials: { apiKey },
      sweepSeconds: 1,
      user: { ...USER, groups: ['admin'] },
      webhookToken: WEBHOOK_TOKEN,
      webhookPath: routes.anycheckWebhook.path,
      ...options,
      ...more,
    });
  let stack = await start({});
  const ask = await described(stack);
  const call: Running['call'] = (path, init) => ask(`${stack.url}${path}`, init);
  const { access_token: token } = await login(call);
  return {
    get stack() {
      return stack;
    },
    sandbox,
    dataDir,
    token,
    call,
    list: (query, headers) =>
      call(`/verifications?${query}`, { headers: { authorization: `Bearer ${token}`, ...headers } }),
    deliver: (body, headers) =>
      ask(stack.webhookUrl ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async restart(more = {}) {
      await stack.close();
      stack = await start(more);
    },
    async forgive() {
      const client = documentClient(2, 5_000, {
        endpoint: stack.dynamodbEndpoint,
        region: REGION,
        credentials: CREDENTIALS,
      });
      const TableName = stack.outputs.TableName;
      await client.send(new DeleteCommand({ TableName, Key: BUDGET_KEY }));
      client.destroy();
    },
    async stop() {
      await stack.close();
      await sandbox.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** `fetch` from a service whose answers are all as it describes them itself. @throws an Error at one that isn't. */
export async function described({ url }: LocalStack): Promise<(url: string, init?: RequestInit) => Promise<Response>> {
  const check = describedBy(await (await fetch(`${url}${openapiDocument.path}`)).json());
  return async (to, init) => {
    const response = await fetch(to, init);
    await check(init?.method ?? 'GET', decodeURIComponent(new URL(to).pathname), response);
    return response;
  };
}

/** The body of an error in AnyCheck's shape. */
export const failureOf = async (response: Response): Promise<z.infer<typeof Failure>> =>
  Failure.parse(await response.json());

export const Tokens = z.strictObject({ access_token: z.string(), refresh_token: z.string() });

export async function login(call: Running['call'], credentials = USER): Promise<z.infer<typeof Tokens>> {
  return Tokens.parse(await (await post(call, '/auth/login', credentials)).json());
}

export const post = (call: Running['call'], path: string, body: unknown): Promise<Response> =>
  call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Asks again and again until `is` holds of the answer. */
export async function eventually<T>(ask: () => Promise<T>, is: (answer: T) => boolean, patience = 15_000): Promise<T> {
  const until = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (is(answer)) return answer;
    if (Date.now() > until) throw new Error(`it never came to that; the last answer was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
