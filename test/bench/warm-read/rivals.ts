import { NotFoundError, Router } from '@aws-lambda-powertools/event-handler/http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import type { Handler } from './event.ts';

/** What else is deployed for the same read: each with the SDK's document client as it is, and the page's text in one row. */

type Query = Readonly<Record<string, string | undefined>>;

function pageReader() {
  const requestHandler = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 2, requestHandler }));
  return async ({ result_id = '', page_offset = '0', page_size = '10' }: Query) => {
    const Key = { pk: result_id, sk: `page#${page_offset}#${page_size}` };
    const { Item } = await client.send(new GetCommand({ TableName: 'pages', Key, ConsistentRead: true }));
    return Item;
  };
}

const NOT_FOUND = { error_code: 'NOT_FOUND', message: 'AnyCheck has no verifications with this result_id.' };

const json = (statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** The client, and nothing made of what it gives: what none gets around. */
export function clientAlone(): Handler {
  const read = pageReader();
  return async ({ queryStringParameters = {} }) => {
    await read(queryStringParameters);
    return { statusCode: 200, body: '' };
  };
}

export function bare(): Handler {
  const read = pageReader();
  return async ({ queryStringParameters = {} }) => {
    const row = await read(queryStringParameters);
    if (!row) return json(404, NOT_FOUND);
    return json(200, { total: row.total, overall_status: row.overall_status, items: JSON.parse(row.items) });
  };
}

const ListQuery = z.object({
  result_id: z.uuid(),
  page_offset: z.coerce.number().int().min(0).default(0),
  page_size: z.coerce.number().int().min(1).max(100).default(10),
});
const Row = z.object({ total: z.number(), overall_status: z.string(), items: z.string() });
const Status = z.string().nullable();
export const List = z.object({
  total: z.int().min(0),
  overall_status: Status,
  items: z.array(
    z.looseObject({
      id: z.string(),
      service: z.looseObject({ id: z.string(), name: z.string() }),
      user_id: z.string().nullish(),
      result_id: z.string().nullish(),
      execution_time: z.number().nullish(),
      status: Status,
      start_date: z.string().nullish(),
      end_date: z.string().nullish(),
      input_config: z.looseObject({ verification_type: z.string() }),
      input_file_url: z.record(z.string(), z.array(z.string())).nullish(),
      output: z.unknown(),
      output_file_url: z.string().nullish(),
      output_status: Status,
      credit_used: z.number(),
      total_files: z.number(),
      total_pages: z.number(),
      created_at: z.string(),
      updated_at: z.string(),
    }),
  ),
});

/** What goes out is of the form that was promised. */
const listOf = (row: unknown) => {
  const { total, overall_status, items } = Row.parse(row);
  return List.parse({ total, overall_status, items: JSON.parse(items) });
};

export function validated(): Handler {
  const read = pageReader();
  const stack = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .before(({ event }) => {
      const query = ListQuery.safeParse(event.queryStringParameters ?? {});
      if (!query.success) return json(400, { error_code: 'INVALID_REQUEST', message: z.prettifyError(query.error) });
    })
    .onError((request) => {
      console.error(request.error);
      request.response = json(500, { error_code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong.' });
    })
    .handler(async ({ queryStringParameters = {} }) => {
      const row = await read(queryStringParameters);
      return row ? json(200, listOf(row)) : json(404, NOT_FOUND);
    });
  return (event, context) => stack(event, context);
}

export function routed(): Handler {
  const read = pageReader();
  const app = new Router();
  app.get('/verifications', async ({ req }) => {
    const row = await read(Object.fromEntries(new URL(req.url).searchParams));
    if (!row) throw new NotFoundError(NOT_FOUND.message);
    return { total: row.total, overall_status: row.overall_status, items: JSON.parse(row.items) };
  });
  return (event, context) => app.resolve(event, context);
}
