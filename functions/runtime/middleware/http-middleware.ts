import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Caller } from '../access/caller.ts';

/** Lambda's context of an invocation. The middleware `caller` adds the caller. */
export interface HttpContext extends Context {
  caller?: Caller;
}

/** A middleware of HTTP handlers. @template Internal its own state of one call. */
export type HttpMiddleware<Internal extends Record<string, unknown> = Record<never, never>> = MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Error,
  HttpContext,
  Internal
>;
