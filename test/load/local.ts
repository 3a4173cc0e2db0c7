import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Role } from '../../functions/runtime/access/role.ts';
import { type Sandbox, startSandbox } from '../../lib/sandbox/server.ts';
import { Memory, type Order, Ready } from './messages.ts';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
const PASSWORD = 'local-password';
const Tokens = z.object({ access_token: z.string() });

/** The local stack in a process of its own, so that its memory is its own, beside an AnyCheck in this one. */
export interface Local extends Ready {
  readonly sandbox: Sandbox;
  /** Logs in a new user at every call. @returns the token. */
  login(role: Role): Promise<string>;
  memory(): Promise<Memory>;
  /** What functions logged as errors, or died of: a line each. */
  failures(): string[];
  stop(): Promise<void>;
}

/** @param assembly where the app was synthesized to. */
export async function startStack(assembly: string): Promise<Local> {
  const dataDir = await mkdtemp(join(tmpdir(), 'load-'));
  const sandbox = await startSandbox();
  const { apiKey } = sandbox.credentials;
  const users = ROLES_OF_USERS.map((role, i) => ({ email: emailOf(i), password: PASSWORD, groups: [role] }));
  const order: Order = {
    assembly,
    dataDir,
    anycheckBaseUrl: sandbox.url,
    anycheckCredentials: { apiKey },
    sweepSeconds: 1,
    users,
  };
  const child = fork(CHILD, [JSON.stringify(order)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const said = async <T>(schema: z.ZodType<T>) => {
    const [message] = await Promise.race([
      once(child, 'message'),
      ended.then(() => Promise.reject(new Error('the local stack ended by itself'))),
    ]);
    return schema.parse(message);
  };
  const ready = await said(Ready);
  const free = users.map((user, i) => ({ role: user.groups[0], email: emailOf(i) }));
  return {
    ...ready,
    sandbox,
    async login(role) {
      const at = free.findIndex((user) => user.role === role);
      const [user] = at < 0 ? [] : free.splice(at, 1);
      if (!user) throw new Error(`there is no further ${role}`);
      const response = await fetch(`${ready.url}/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: user.email, password: PASSWORD }),
      });
      return Tokens.parse(await response.json()).access_token;
    },
    memory() {
      child.send('memory');
      return said(Memory);
    },
    failures() {
      const logs = join(dataDir, 'logs');
      const lines = readdirSync(logs).flatMap((name) => readFileSync(join(logs, name), 'utf8').split('\n'));
      return lines.filter((line) => /"level":"error"|timed out|exited/.test(line));
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
      await sandbox.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const ROLES_OF_USERS: readonly Role[] = ['viewer', 'viewer', 'viewer', 'operator', 'operator', 'admin'];
const emailOf = (i: number) => `user-${i}@example.com`;
