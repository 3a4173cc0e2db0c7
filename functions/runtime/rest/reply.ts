import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** What a function answers; the middlewares around it add the headers that every answer has. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text, or what `isBase64Encoded` says; none for a 304. */
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** A reply as API Gateway takes it. */
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
