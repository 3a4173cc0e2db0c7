import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The table that holds the groups, and the client that reaches it. */
export interface Place {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}
