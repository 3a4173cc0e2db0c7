import { EXIT, Stop } from './stop.ts';

/**
 * Runs a program, prints its `Stop` as a sentence, and ends the process.
 * @param program its result is the exit status.
 */
export async function run(program: () => Promise<number>): Promise<never> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      console.error('\nInterrupted.');
      process.exit(EXIT.unfinished);
    });
  }
  // `npm run export … | head` closes the pipe.
  process.stdout.on('error', () => process.exit(EXIT.unfinished));
  try {
    process.exit(await program());
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(error.message);
    process.exit(error.status);
  }
}
