import { createRequire } from 'node:module';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  type TableDescription,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import * as z from 'zod';
import { codeOf, LocalFault, messageOf, onPort } from '../fault.ts';
import { serve } from '../http/serve.ts';
import { CREDENTIALS, REGION } from '../names.ts';
import { IGNORED } from '../template/ignored.ts';
import type { Resource, Stack } from '../template/stack.ts';

/** A DynamoDB engine with the stack's tables. */
export interface Tables {
  readonly endpoint: string;
  /**
   * Creates the stack's missing tables.
   * @throws LocalFault for an existing table with other keys, or an engine without an answer.
   */
  create(stack: Stack): Promise<void>;
  close(): Promise<void>;
}

const KeySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const Projection = z.strictObject({
  ProjectionType: z.enum(['KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const Index = z.strictObject({ IndexName: z.string(), KeySchema, Projection });
export const TableProperties = z.strictObject({
  KeySchema,
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N']) })),
  GlobalSecondaryIndexes: z.array(Index).optional(),
  BillingMode: IGNORED,
  DeletionProtectionEnabled: IGNORED,
  PointInTimeRecoverySpecification: IGNORED,
  SSESpecification: IGNORED,
  // The engine does not delete expired rows. The app ignores them.
  TimeToLiveSpecification: IGNORED,
});
type TableProperties = z.infer<typeof TableProperties>;

export interface EmbeddedEngine {
  readonly directory: string;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
}

/** Starts the embedded engine on a directory, or connects to an endpoint. @throws LocalFault when its port is in use. */
export async function startTables(at: string | EmbeddedEngine): Promise<Tables> {
  const engine = typeof at === 'string' ? { endpoint: at, close: async () => {} } : await embedded(at);
  const client = new DynamoDBClient({ endpoint: engine.endpoint, region: REGION, credentials: CREDENTIALS });
  return {
    endpoint: engine.endpoint,
    async create(stack) {
      await Promise.all(stack.resources('AWS::DynamoDB::Table').map((table) => create(client, table, engine.endpoint)));
    },
    async close() {
      client.destroy();
      await engine.close();
    },
  };
}

const Iterators = z.custom<new () => { close(): Promise<void> }>((value) => typeof value === 'function');
const Level = z.object({ AbstractKeyIterator: Iterators, AbstractValueIterator: Iterators });

/**
 * Adds a `return` method to LevelDB's iterators. dynalite calls it to close an iterator, but the iterators do not have
 * it, so each query would leak a kilobyte.
 */
function closeIterators(): void {
  const { AbstractKeyIterator, AbstractValueIterator } = Level.parse(
    createRequire(import.meta.resolve('dynalite'))('abstract-level'),
  );
  for (const { prototype } of [AbstractKeyIterator, AbstractValueIterator]) {
    Object.assign(prototype, { return: prototype.close });
  }
}

async function embedded({
  directory,
  port = 0,
}: EmbeddedEngine): Promise<{ endpoint: string; close(): Promise<void> }> {
  closeIterators();
  const server = dynalite({ path: directory, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // dynalite throws when a client aborts a request, as a stopped worker does. That would end the whole run.
  server.on('request', (request) => request.removeAllListeners('error').on('error', () => {}));
  const { url, close } = await onPort('DYNAMODB_PORT', port, (at) => serve(server, at));
  return { endpoint: url, close };
}

async function create(client: DynamoDBClient, table: Resource, endpoint: string): Promise<void> {
  const properties = table.properties(TableProperties);
  const TableName = table.ref;
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table !== undefined && !hasSameKeys(properties, Table)) {
      throw new LocalFault(
        `The table ${TableName} at ${endpoint} has other keys than the template: another version of the app created it. ` +
          'Delete it, or choose another directory with DATA_DIR.',
      );
    }
    return;
  } catch (error) {
    if (error instanceof LocalFault) throw error;
    if (codeOf(error) !== 'ResourceNotFoundException') {
      throw new LocalFault(`DynamoDB at ${endpoint} does not answer: ${messageOf(error) || codeOf(error)}.`, {
        cause: error,
      });
    }
  }
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = properties;
  const input: CreateTableCommandInput = {
    TableName,
    KeySchema,
    AttributeDefinitions,
    BillingMode: 'PAY_PER_REQUEST',
    ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(indexInput) }),
  };
  await client.send(new CreateTableCommand(input));
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.5 }, { TableName });
}

const indexInput = ({ Projection: { ProjectionType, NonKeyAttributes }, ...index }: z.infer<typeof Index>) => ({
  ...index,
  Projection: { ProjectionType, ...(NonKeyAttributes && { NonKeyAttributes }) },
});

/** Whether an existing table has the template's keys and indexes. */
function hasSameKeys(expected: TableProperties, actual: TableDescription): boolean {
  const keys = (schema: readonly { AttributeName?: string | undefined; KeyType?: string | undefined }[] = []) =>
    schema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(',');
  const indexes = (
    list: readonly { IndexName?: string | undefined; KeySchema?: Parameters<typeof keys>[0] | undefined }[] = [],
  ) =>
    list
      .map(({ IndexName, KeySchema }) => `${IndexName}: ${keys(KeySchema)}`)
      .toSorted()
      .join('; ');
  return (
    keys(expected.KeySchema) === keys(actual.KeySchema) &&
    indexes(expected.GlobalSecondaryIndexes) === indexes(actual.GlobalSecondaryIndexes)
  );
}
