import type { MiddlewareObj } from '@middy/core';
import type { SQSRecord } from 'aws-lambda';
import { errorFields, log } from '../log/log.ts';

/**
 * Logs an error with the id of its invocation, and fails the invocation, so that the message returns to its queue. Lambda
 * logs the error of an invocation whole, and the message of a parser can quote content. So the invocation fails with an
 * error that has the name and the places of the other one alone.
 */
export const crashes = (): MiddlewareObj<SQSRecord> => ({
  onError(request) {
    const { error, event, context } = request;
    const invocation = context.awsRequestId;
    const fields = errorFields(error);
    log('error', 'refresh.crashed', { result_id: event.attributes.MessageGroupId, invocation, ...fields });
    request.error = new CrashedError(String(fields.error), String(fields.stack ?? ''));
  },
});

class CrashedError extends Error {
  /** @param places the lines of a stack, without a message. */
  constructor(name: string, places: string) {
    super('The log line refresh.crashed has the details.');
    this.name = name;
    this.stack = `${name}: ${this.message}\n${places}`;
  }
}
