import { routes } from '../functions/routes.ts';
import { LocalFault, messageOf } from '../lib/local/fault.ts';
import { listen } from '../lib/local/listen/listen.ts';
import { dataDirOf, listenSettings } from '../lib/local/settings.ts';

// Receives the webhooks of a running `npm start`, verifies them, and prints each in a line.

const stopping = Promise.withResolvers<'stopped' | 'run ended'>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.resolve('stopped'));
// `npm run listen | head -5` closes the pipe.
process.stdout.on('error', () => stopping.resolve('stopped'));

try {
  const listener = await listen({
    ...listenSettings(process.env),
    dataDir: dataDirOf(process.env),
    paths: { login: routes.login.path, endpoints: routes.createWebhookEndpoint.path },
    print: (line) => console.log(line),
  });
  for (const line of listener.greeting) console.log(line);
  void listener.ended().finally(() => stopping.resolve('run ended'));
  // A run that ended keeps the endpoint; the next listener removes it.
  if ((await stopping.promise) === 'run ended') console.log('The local run ended.');
  else await listener.stop();
  process.exit(0);
} catch (error) {
  console.error(error instanceof LocalFault ? messageOf(error) : error);
  process.exit(1);
}
