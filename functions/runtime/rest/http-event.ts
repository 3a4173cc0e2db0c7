import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/**
 * @param name in lower case, as HTTP APIs send header names.
 * @returns the value of a request header; '' if it is missing.
 */
export const header = (event: APIGatewayProxyEventV2, name: string): string => event.headers[name] ?? '';

/** Parses the body; a byte order mark before it is skipped. @throws SyntaxError if it is not JSON. */
export const jsonBody = (event: APIGatewayProxyEventV2): unknown =>
  JSON.parse(new TextDecoder().decode(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')));
