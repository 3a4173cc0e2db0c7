import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * DynamoDB, with short timeouts: a request that hangs is worth less than another try.
 * @param timeout ms of one attempt.
 */
export const documentClient = (
  maxAttempts: number,
  timeout: number,
  config: DynamoDBClientConfig = {},
): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      maxAttempts,
      requestHandler: { connectionTimeout: 1_000, requestTimeout: timeout, throwOnRequestTimeout: true },
      ...config,
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
