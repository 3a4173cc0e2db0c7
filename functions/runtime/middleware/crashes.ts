import type { MiddlewareObj } from '@middy/core';
import type { SQSRecord } from 'aws-lambda';
import { errorFields, type LogEvent, log } from '../log/log.ts';

/** The log events of crashed workers. */
export type Crash = Extract<LogEvent, `${string}.crashed`>;

/**
 * Logs an error with the id of its invocation, and fails the invocation, so that the message returns to its queue. Lambda
 * logs the error of an invocation whole, and the message of a parser can quote content. So the invocation fails with an
 * error that has the name and the places of the other one alone.
 */
export const crashes = (crash: Crash): MiddlewareObj<SQSRecord> => ({
  onError(request) {
    const { error, event, context } = request;
    const invocation = context.awsRequestId;
    const fields = errorFields(error);
    log('error', crash, { result_id: event.attributes.MessageGroupId, invocation, ...fields });
    request.error = new CrashedError(crash, String(fields.error), String(fields.stack ?? ''));
  },
});

class CrashedError extends Error {
  /** @param places the lines of a stack, without a message. */
  constructor(crash: Crash, name: string, places: string) {
    super(`The log line ${crash} has the details.`);
    this.name = name;
    this.stack = `${name}: ${this.message}\n${places}`;
  }
}
