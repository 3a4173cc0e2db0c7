import { eventLine } from '../lib/local/events/event-line.ts';
import { connectToBuses } from '../lib/local/events/read-stream.ts';
import { LocalFault, messageOf } from '../lib/local/fault.ts';
import { dataDirOf } from '../lib/local/settings.ts';

// Prints the events on the buses of a running `npm start`: first the last ones of that run, then each new one.

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
// `npm run events | head -5` closes the pipe.
process.stdout.on('error', () => process.exit(0));

try {
  const { url, dataDir, buses, earlier, events } = await connectToBuses(dataDirOf(process.env));
  const names = buses.length === 0 ? 'its stack has no event bus' : `events of ${buses.join(', ')}`;
  console.log(`Connected to the local run in ${dataDir} at ${url}: ${names}. Ctrl-C ends this.`);
  console.log('Time on the bus, seconds since the publish, type, result_id, version, phase; statuses; changes');
  console.log(earlier === 0 ? 'No event yet.' : `The last events of this run (${earlier}), then new ones:`);
  for await (const event of events) console.log(eventLine(event));
  console.log('The local run ended.');
} catch (error) {
  console.error(error instanceof LocalFault ? messageOf(error) : error);
  process.exit(1);
}
