import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { header } from './http-event.ts';
import { matches } from './negotiation.ts';
import type { Reply } from './reply.ts';

/** Adds the ETag of its body to an answer. A caller that has that body receives 304. */
export function revalidated(event: APIGatewayProxyEventV2, { body = '', ...reply }: Reply): Reply {
  const etag = `W/"${createHash('sha256').update(body).digest('base64url')}"`;
  const headers = { ...reply.headers, etag };
  return matches(header(event, 'if-none-match'), etag) ? { status: 304, headers } : { ...reply, headers, body };
}
