import * as z from 'zod';
import { onPort } from '../fault.ts';
import { serveAwsJson } from '../http/aws-json.ts';
import type { Served } from '../http/serve.ts';
import { IGNORED } from '../template/ignored.ts';
import type { Stack } from '../template/stack.ts';
import { publishAddress } from './address.ts';
import { readEntries } from './put-events.ts';
import type { Rules } from './rules.ts';
import { createStream, STREAM_PATH } from './stream.ts';

export const EventBusProperties = z.strictObject({
  // The identity of the bus has it.
  Name: IGNORED,
  Description: IGNORED,
  // For events that a bus could not encrypt.
  DeadLetterConfig: IGNORED,
  KmsKeyIdentifier: IGNORED,
  LogConfig: IGNORED,
});

/** A stand-in for EventBridge with the template's event buses, and a stream of the events that they accept. */
export interface EventBuses extends Served {
  /** Serves the stack's event buses, and stores the address in the data directory. */
  serve(stack: Stack, rules: Rules): void;
}

/** @param fixedPort 0: any free port. @throws LocalFault when the port is in use. */
export async function startEventBuses(dataDir: string, fixedPort = 0): Promise<EventBuses> {
  /** The names of the buses, by name and by ARN. */
  const names = new Map<string | undefined, string>();
  let deliver: Rules['deliver'] = () => {};
  let removeAddress = () => {};
  const stream = createStream(() => ({ dataDir, buses: [...new Set(names.values())] }));
  const service = {
    streams: { [STREAM_PATH]: stream.open },
    operations: {
      PutEvents(input: unknown) {
        const now = new Date();
        const results = readEntries(input, now);
        for (const one of results) {
          // EventBridge also accepts an event for a bus that does not exist. No rule matches it.
          const bus = one.accepted ? names.get(one.bus) : undefined;
          if (!one.accepted || bus === undefined) continue;
          stream.add({ bus, acceptedAt: now.toISOString(), event: one.event });
          deliver(bus, one.event);
        }
        return {
          FailedEntryCount: results.filter(({ accepted }) => !accepted).length,
          Entries: results.map((one) =>
            one.accepted ? { EventId: one.event.id } : { ErrorCode: one.code, ErrorMessage: one.message },
          ),
        };
      },
    },
  };
  const { url, close } = await onPort('EVENTS_PORT', fixedPort, (port) => serveAwsJson(service, port));
  return {
    url,
    serve(stack, rules) {
      for (const { ref, attributes } of stack.resources('AWS::Events::EventBus')) {
        names.set(ref, ref).set(attributes.Arn, ref);
      }
      deliver = rules.deliver;
      removeAddress = publishAddress(dataDir, url);
    },
    async close() {
      removeAddress();
      await close();
    },
  };
}
