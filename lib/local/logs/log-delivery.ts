import { gzipSync } from 'node:zlib';
import type { CloudWatchLogsEvent } from 'aws-lambda';
import { ACCOUNT } from '../names.ts';

export interface DeliveredLine {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

export interface LogDelivery {
  readonly logGroup: string;
  readonly logStream: string;
  readonly filter: string;
  readonly lines: readonly DeliveredLine[];
}

/** Builds the event of a subscription's delivery, as CloudWatch Logs does. */
export function logDeliveryEvent({ logGroup, logStream, filter, lines }: LogDelivery): CloudWatchLogsEvent {
  const message = {
    messageType: 'DATA_MESSAGE',
    owner: ACCOUNT,
    logGroup,
    logStream,
    subscriptionFilters: [filter],
    logEvents: lines,
  };
  return { awslogs: { data: gzipSync(JSON.stringify(message)).toString('base64') } };
}
