import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { z } from 'zod';

/** What a competent team deploys: the tools that AWS's own guides name, put together as they say. */

const logger = new Logger({ serviceName: 'snapshots' });
const metrics = new Metrics({ namespace: 'Snapshots', serviceName: 'snapshots' });
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

const Query = z.object({
  result_id: z.uuid(),
  page_offset: z.coerce.number().int().min(0).default(0),
  page_size: z.coerce.number().int().min(1).max(100).default(10),
});
const Row = z.object({ pk: z.string(), page: z.string() });
const Page = z.object({
  total: z.number(),
  overall_status: z.string().nullable(),
  items: z.array(z.looseObject({ id: z.string(), status: z.string().nullish() })),
});

export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(async (event) => {
    const { result_id, page_offset, page_size } = Query.parse(event.queryStringParameters ?? {});
    const { Item } = await client.send(
      new GetCommand({
        TableName: process.env.TABLE_NAME ?? '',
        Key: { pk: result_id, sk: 'rival' },
        ConsistentRead: true,
      }),
    );
    const { total, overall_status, items } = Page.parse(JSON.parse(Row.parse(Item).page));
    logger.info('read', { result_id });
    metrics.addMetric('Reads', MetricUnit.Count, 1);
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ total, overall_status, items: items.slice(page_offset, page_offset + page_size) }),
    };
  });
