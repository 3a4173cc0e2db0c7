import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { inject } from 'vitest';
import { SESSION_KEY } from '../../../functions/adapters/anycheck/session.ts';
import { BUDGET_KEY } from '../../../functions/adapters/dynamodb/budget-row.ts';
import { documentClient } from '../../../functions/adapters/dynamodb/requests/document-client.ts';
import { type LocalOptions, type LocalStack, startLocal } from '../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { type Sandbox, startSandbox } from '../../../lib/sandbox/server.ts';
import { type Calls, callsOf } from './calls.ts';
import { optionsBeside } from './options.ts';

/** A service of one file's own, which may be restarted, broken, and held back. A file that does none of it shares one: `shared.ts`. */
export interface Running extends Calls {
  readonly stack: LocalStack;
  /** AnyCheck, outside of the stack. */
  readonly sandbox: Sandbox;
  readonly dataDir: string;
  /** Ends the stack and starts it again on the same data. */
  restart(options?: Partial<LocalOptions>): Promise<void>;
  /** Forgets how the fleet stands with AnyCheck: pauses, circuit, refused credentials, failed logins. */
  forgive(): Promise<void>;
  stop(): Promise<void>;
}

/** The whole service as `npm start` runs it, on free ports and data of its own, beside a sandbox of AnyCheck. */
export async function startRunning(options: Partial<LocalOptions> = {}): Promise<Running> {
  const dataDir = await mkdtemp(join(tmpdir(), 'running-'));
  const sandbox = await startSandbox();
  const start = (more: Partial<LocalOptions>) =>
    startLocal({ assembly: inject('assembly'), dataDir, ...optionsBeside(sandbox), ...options, ...more });
  let stack = await start({});
  return {
    ...(await callsOf(() => stack)),
    get stack() {
      return stack;
    },
    sandbox,
    dataDir,
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
      const failedLogins = {
        TableName,
        Key: SESSION_KEY,
        UpdateExpression: 'REMOVE logins, last_login_at, logins_with',
      };
      await client.send(new UpdateCommand(failedLogins));
      client.destroy();
    },
    async stop() {
      await stack.close();
      await sandbox.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
