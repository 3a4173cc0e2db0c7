import { LocalFault, messageOf } from './fault.ts';
import { greeting, type Tour } from './greeting.ts';
import { startLocal } from './main.ts';
import { parseLocalSettings } from './settings.ts';

/** The process exits this long after a signal, even if a part of it hangs. */
const EXIT_DEADLINE_MS = 4500;
/** The interval of the check whether npm still runs. */
const PARENT_POLL_MS = 250;

/** Runs `npm start`: reads the environment, prints the greeting, and sets the exit status. */
export async function run(tour: Tour): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // npm may send a signal twice. The handler ignores the second one.
    process.on(signal, () => {
      if (stopping.signal.aborted) return;
      stopping.abort();
      setTimeout(() => process.exit(0), EXIT_DEADLINE_MS).unref();
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

/**
 * Exits when npm has ended. A killed npm cannot forward the signal, and this process would keep the port and the data
 * directory.
 */
function endWithNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm) process.exit(1);
  }, PARENT_POLL_MS).unref();
}
