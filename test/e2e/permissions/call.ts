import * as z from 'zod';
import { arn } from '../../../lib/local/names.ts';

/** A request of a function's to AWS, as IAM sees it. */
export interface Call {
  /** The function, by its logical id. */
  readonly fn: string;
  readonly action: string;
  /** Its ARN. */
  readonly resource: string;
  /** The partition keys of the rows that it names, or the sources of the events that it sends. */
  readonly keys: readonly string[];
}

const Value = z.object({ S: z.string() }).transform(({ S }) => S);
/** Of either table: its partition key is the first of these that a row has. */
const Row = z
  .object({ pk: Value.optional(), result_id: Value.optional() })
  .transform(({ pk, result_id }) => pk ?? result_id ?? '');
const One = z.object({ TableName: z.string(), Key: Row.optional(), Item: Row.optional() });
const Query = z.object({
  TableName: z.string(),
  IndexName: z.string().optional(),
  KeyConditionExpression: z.string(),
  ExpressionAttributeValues: z.record(z.string(), z.unknown()),
});
const Batch = z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(Row) })) });
const Sending = z.object({ QueueUrl: z.string() });
const Reading = z.object({ SecretId: z.string() });
const Announcing = z.object({ Entries: z.array(z.object({ EventBusName: z.string(), Source: z.string() })).min(1) });
const Logging = z.object({ logGroupName: z.string() });

const tableArn = (name: string, index?: string) => arn('dynamodb', `table/${name}${index ? `/index/${index}` : ''}`);

/** What an operation needs permission for: by table where it concerns several. @param target `DynamoDB_20120810.GetItem`. */
export function callsOf(fn: string, target: string, input: unknown): Call[] {
  const [service = '', operation = ''] = target.split('.');
  switch (service.split('_')[0]) {
    case 'DynamoDB':
      return rowsOf(operation, input).map((rows) => ({ fn, action: `dynamodb:${operation}`, ...rows }));
    case 'AmazonSQS': {
      const resource = arn('sqs', Sending.parse(input).QueueUrl.split('/').at(-1) ?? '');
      return [{ fn, action: `sqs:${operation.replace(/Batch$/, '')}`, resource, keys: [] }];
    }
    case 'secretsmanager':
      return [{ fn, action: `secretsmanager:${operation}`, resource: Reading.parse(input).SecretId, keys: [] }];
    case 'AWSEvents':
      return Announcing.parse(input).Entries.map(({ EventBusName, Source }) => {
        const resource = arn('events', `event-bus/${EventBusName}`);
        return { fn, action: `events:${operation}`, resource, keys: [Source] };
      });
    case 'Logs': {
      const resource = arn('logs', `log-group:${Logging.parse(input).logGroupName}:*`);
      return [{ fn, action: `logs:${operation}`, resource, keys: [] }];
    }
    default:
      throw new Error(`an operation of no service that is known here: ${target}`);
  }
}

function rowsOf(operation: string, input: unknown): Pick<Call, 'resource' | 'keys'>[] {
  if (operation === 'BatchGetItem') {
    const tables = Object.entries(Batch.parse(input).RequestItems);
    return tables.map(([name, { Keys }]) => ({ resource: tableArn(name), keys: Keys }));
  }
  if (operation === 'Query') {
    const { TableName, IndexName, KeyConditionExpression, ExpressionAttributeValues } = Query.parse(input);
    const [, , placeholder = ''] = /^(\w+) = (:\w+)/.exec(KeyConditionExpression) ?? [];
    return [{ resource: tableArn(TableName, IndexName), keys: [Value.parse(ExpressionAttributeValues[placeholder])] }];
  }
  const { TableName, Key, Item } = One.parse(input);
  return [{ resource: tableArn(TableName), keys: [Key ?? Item ?? []].flat() }];
}
