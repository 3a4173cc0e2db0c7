import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Caller } from '../access/caller.ts';

/** What Lambda says of the invocation, and who calls, where a middleware has found out. */
export interface HttpContext extends Context {
  caller?: Caller;
}

/** A middleware of HTTP handlers. @template Internal what it keeps of one call. */
export type HttpMiddleware<Internal extends Record<string, unknown> = Record<never, never>> = MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Error,
  HttpContext,
  Internal
>;
