import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';
import { startTables } from '../../../../../lib/local/storage/tables.ts';
import { temporaryDirectory } from '../support/running.ts';

const directory = temporaryDirectory();
afterAll(() => directory.remove());

type Resource = (resource: object) => void;
const LevelDb = z.object({
  AbstractLevel: z.custom<new () => { attachResource: Resource; detachResource: Resource }>(
    (value) => typeof value === 'function',
  ),
});

it('what a query read is not kept in memory', async () => {
  const { AbstractLevel } = LevelDb.parse(createRequire(import.meta.resolve('dynalite'))('abstract-level'));
  const tables = await startTables({ directory: join(directory.path, 'dynamodb') });
  const client = new DynamoDBClient({ endpoint: tables.endpoint, region: REGION, credentials: CREDENTIALS });
  const TableName = 'read-again';
  const [S, N] = [{ S: 'group' }, { N: '1' }];
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  await vi.waitFor(() => client.send(new PutItemCommand({ TableName, Item: { pk: S, sk: N } })));

  const opened = vi.spyOn(AbstractLevel.prototype, 'attachResource');
  const ended = vi.spyOn(AbstractLevel.prototype, 'detachResource');
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': S } };
  for (let i = 0; i < 20; i++) {
    expect((await client.send(new QueryCommand({ TableName, ...query }))).Count).toBe(1);
  }
  await vi.waitFor(() => expect(ended.mock.calls.length).toBe(opened.mock.calls.length));
  expect(opened.mock.calls.length).toBeGreaterThanOrEqual(20);
  vi.restoreAllMocks();
  client.destroy();
  await tables.close();
});
