import * as z from 'zod';
import { EVENT_SOURCE } from '../../../functions/adapters/aws/event-bus.ts';
import { eventLine } from '../events/event-line.ts';
import { connectToBuses, noRun } from '../events/read-stream.ts';
import { readAccess } from './access.ts';
import { startReceiver } from './receiver.ts';
import { type ListenPaths, register } from './registration.ts';

export interface Listener {
  /** The lines to print first. */
  readonly greeting: readonly string[];
  /** Resolves when the local run ends. */
  ended(): Promise<void>;
  /** Removes the endpoint. @throws LocalFault where that fails. */
  stop(): Promise<void>;
}

export interface ListenOptions {
  readonly dataDir: string;
  /** 0: any free port. */
  readonly port: number;
  /** Of an admin; undefined: the local user logs in. */
  readonly token: string | undefined;
  readonly paths: ListenPaths;
  /** Prints a line. */
  readonly print: (line: string) => void;
}

const Typed = z.object({ type: z.string() });

/**
 * Registers a webhook endpoint of this machine at the local run of a data directory, and prints what it receives.
 * @throws LocalFault where there is no run, or where it can not be registered.
 */
export async function listen({ dataDir, port, token, paths, print }: ListenOptions): Promise<Listener> {
  // The stream of the run's event buses also shows that the run is alive, and when it ends.
  const run = await connectToBuses(dataDir);
  const access = readAccess(dataDir);
  if (access === undefined) throw noRun(dataDir);
  const receiver = await startReceiver(port, {
    onEvent(detail, at) {
      const event = { source: EVENT_SOURCE, 'detail-type': Typed.parse(detail).type, detail };
      print(eventLine({ bus: 'this endpoint', acceptedAt: at.toISOString(), event }));
    },
    onRefused: (why, at) => print(`${at.toISOString()}         bad signature: ${why}`),
  });
  const registered = await register(access, paths, receiver.url, token).catch(async (error: unknown) => {
    await receiver.close();
    throw error;
  });
  receiver.verifyWith(registered.secret);
  return {
    greeting: [
      `Connected to the local run in ${run.dataDir} at ${access.url}: webhook endpoint ${registered.id}, ${receiver.url}. Ctrl-C removes it.`,
      'Time of receipt, seconds since the publish, type, result_id, version, phase; statuses; changes',
    ],
    async ended() {
      for await (const _event of run.events);
    },
    async stop() {
      await registered.remove().finally(receiver.close);
    },
  };
}
