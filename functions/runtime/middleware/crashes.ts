import type { MiddlewareObj } from '@middy/core';
import type { SQSRecord } from 'aws-lambda';
import { errorFields, log } from '../log/log.ts';

/** Logs an error with the id of its invocation and rethrows it, so that the message returns to its queue. */
export const crashes = (): MiddlewareObj<SQSRecord> => ({
  onError: ({ error, event: { attributes }, context: { awsRequestId: invocation } }) =>
    log('error', 'refresh.crashed', { result_id: attributes.MessageGroupId, invocation, ...errorFields(error) }),
});
