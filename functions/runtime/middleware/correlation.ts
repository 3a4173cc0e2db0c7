import type { MiddlewareObj } from '@middy/core';
import { beginRequest } from '../correlation.ts';

/**
 * Sets the request id for the log lines and queue messages of an invocation.
 * @param requestOf returns the request id of an event; if it returns undefined, the invocation's id is used.
 */
export const correlation = <Event>(requestOf: (event: Event) => string | undefined = () => undefined) =>
  ({
    before: ({ event, context }) => {
      beginRequest(context.awsRequestId);
      const request = requestOf(event);
      if (request !== undefined) beginRequest(request);
    },
  }) satisfies MiddlewareObj<Event>;
