import type { MiddlewareObj } from '@middy/core';
import { beginRequest } from '../correlation.ts';

/**
 * The log lines and queued messages of an invocation name its request.
 * @param requestOf the request's id in an event; without one, the id of the invocation counts.
 */
export const correlation = <Event>(requestOf: (event: Event) => string | undefined = () => undefined) =>
  ({
    before: ({ event, context }) => {
      beginRequest(context.awsRequestId);
      const request = requestOf(event);
      if (request !== undefined) beginRequest(request);
    },
  }) satisfies MiddlewareObj<Event>;
