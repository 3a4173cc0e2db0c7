import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBus } from '../../domain/events/event-bus.ts';

/** The `source` of every event. A rule names it. */
export const EVENT_SOURCE = 'anycheck-snapshots';

/** @param timeoutMs ms of one attempt. */
export const eventBridgeClient = (maxAttempts: number, timeoutMs: number): EventBridgeClient =>
  new EventBridgeClient({
    maxAttempts,
    requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });

/**
 * A custom event bus of EventBridge. The body of an event is the `detail`, and its type the `detail-type`.
 * @param onRefusal receives EventBridge's code for each event that it refuses, such as `ThrottlingException`.
 */
export const eventBus = (client: EventBridgeClient, name: string, onRefusal: (code: string) => void): EventBus => ({
  async send(events) {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({
        Entries: events.map(({ type, timestamp, body }) => ({
          EventBusName: name,
          Source: EVENT_SOURCE,
          DetailType: type,
          Time: new Date(timestamp),
          Detail: body,
        })),
      }),
    );
    for (const { ErrorCode } of Entries) if (ErrorCode !== undefined) onRefusal(ErrorCode);
    // An answer without an entry for each event accepts none of the others.
    return events.map((_, i) => Entries[i]?.EventId !== undefined);
  },
});
