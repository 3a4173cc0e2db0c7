import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ApiError } from './api-error.ts';
import type { Accepted } from './negotiation.ts';

/** JSON text, as text or in UTF-8. */
export type Body = string | Uint8Array;

/** Whether a caller that accepts something can receive a body; by default what this caller accepts. */
export type Fits = (body: Body, accepted?: Accepted) => boolean;

/** The answer of a handler. The middlewares around it add the headers that every answer has. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text, or base64 with `isBase64Encoded`; undefined for a 304. */
  readonly body?: Body;
  readonly isBase64Encoded?: boolean;
  /** Returns the error for a body of a GET that is over Lambda's limit in every coding that the caller accepts. */
  readonly tooLarge?: (fits: Fits) => ApiError;
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
  ...(body !== undefined && { body: typeof body === 'string' ? body : Buffer.from(body).toString(), isBase64Encoded }),
});
