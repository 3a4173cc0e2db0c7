import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { type LocalStack, startLocal } from '../../lib/local/main.ts';
import { synthesize } from '../../lib/local/template/synthesize.ts';
import { type Sandbox, startSandbox } from '../../lib/sandbox/server.ts';

export const USER = { email: 'operator@example.com', password: 'local-password' };

export interface Live {
  readonly stack: LocalStack;
  /** AnyCheck, outside of the stack. */
  readonly sandbox: Sandbox;
  /** The token of a user with the role. */
  readonly token: string;
  readonly dataDir: string;
}

/** The whole service as `npm start` runs it, under settings of its own, for as long as it is used. */
export async function live<T>(
  context: Record<string, unknown>,
  use: (running: Live) => Promise<T>,
  role: 'viewer' | 'admin' = 'viewer',
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-'));
  await using closing = new AsyncDisposableStack();
  closing.defer(() => rm(dataDir, { recursive: true, force: true }));
  const sandbox = await startSandbox();
  closing.defer(() => sandbox.close());
  const stack = await startLocal({
    assembly: await synthesize({ outdir: join(dataDir, 'cdk.out'), context }),
    dataDir,
    anycheckBaseUrl: sandbox.url,
    anycheckCredentials: { apiKey: sandbox.credentials.apiKey },
    user: { ...USER, groups: [role] },
  });
  closing.defer(() => stack.close());
  await stack.ready();
  const login = await fetch(`${stack.url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: USER.email, password: USER.password }),
  });
  const { access_token: token } = z.object({ access_token: z.string() }).parse(await login.json());
  return await use({ stack, sandbox, token, dataDir });
}
