import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * A DynamoDB client with short timeouts: a retry is faster than a request that hangs.
 * @param timeoutMs ms of one attempt.
 */
export function documentClient(
  maxAttempts: number,
  timeoutMs: number,
  config: DynamoDBClientConfig = {},
): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    maxAttempts,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
    base64Decoder: bytesOf,
    ...config,
  });
  // It copies every input and output for a logger, also where there is none.
  client.middlewareStack.remove('loggerMiddleware');
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/**
 * Decodes a binary attribute. The SDK's own decoder runs a regular expression over the text; this one compares lengths,
 * because `Buffer` skips what is not base64.
 * @throws TypeError if the text is not base64.
 */
export function bytesOf(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (text.length % 4 !== 0 || bytes.length !== (text.length / 4) * 3 - padding) {
    throw new TypeError('A binary attribute is not base64.');
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
