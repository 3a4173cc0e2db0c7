import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** A request header, '' where it is missing. HTTP APIs send names in lower case. */
export const header = (event: APIGatewayProxyEventV2, name: string): string => event.headers[name] ?? '';

/** The body as JSON. @throws SyntaxError where it is none. */
export const jsonBody = (event: APIGatewayProxyEventV2): unknown =>
  JSON.parse(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').toString());
