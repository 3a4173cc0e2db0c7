import { LocalFault, messageOf } from './fault.ts';
import { greeting, type Tour } from './greeting.ts';
import { startLocal } from './main.ts';
import { parseLocalSettings } from './settings.ts';

/** Milliseconds from a signal to the end, whatever may hang. */
const LAST_MOMENT = 4500;
/** Milliseconds between two looks at whether npm is still there. */
const LOOK = 250;

/** The whole of `npm start`: from the environment to the exit status. */
export async function run(tour: Tour): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // npm may deliver a signal a second time: it is heard, and changes nothing.
    process.on(signal, () => {
      if (stopping.signal.aborted) return;
      stopping.abort();
      setTimeout(() => process.exit(0), LAST_MOMENT).unref();
    });
  }
  endWithNpm();
  try {
    const settings = parseLocalSettings(process.env);
    const stack = await startLocal({
      ...settings,
      webhookPath: tour.webhookPath,
      signal: stopping.signal,
      onFailure: (label, message, logFile) => console.error(`${label}: ${message} (${logFile})`),
    });
    await stack.ready();
    if (!stopping.signal.aborted) {
      console.log(greeting(stack, settings, tour));
      await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
    }
    await stack.close();
  } catch (error) {
    if (!stopping.signal.aborted) {
      console.error(error instanceof LocalFault ? messageOf(error) : error);
      process.exit(1);
    }
  }
  process.exit(0);
}

/** An npm that is killed outright cannot pass that on: without it, port and data would stay taken by what nobody sees. */
function endWithNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm) process.exit(1);
  }, LOOK).unref();
}
