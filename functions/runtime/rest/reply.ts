import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** The answer of a handler. The middlewares around it add the headers that every answer has. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text, or base64 with `isBase64Encoded`; undefined for a 304. */
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** Converts a reply to API Gateway's format (payload 2.0). */
export const resultOf = ({
  status,
  headers = {},
  body,
  isBase64Encoded = false,
}: Reply): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers,
  ...(body !== undefined && { body, isBase64Encoded }),
});
