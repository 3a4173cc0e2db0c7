import { existsSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The inside of one process that is measured, as Lambda's own runtime is: an ES module that has loaded Node's HTTP client before
 * it loads the handler (it talks to Lambda with it), hands that one event, and tells when. It is bundled, since reading
 * TypeScript would take as long as the measured work.
 */

/** What the process says on its fourth file descriptor: times of the machine's monotonic clock in ns, as text; CPU in µs. */
export interface Report {
  readonly loaded: string;
  readonly answered: string;
  readonly cpu: number;
  readonly result: unknown;
  /** The code that was loaded by then, as far as it is CommonJS. */
  readonly files: readonly string[];
}

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
const now = () => String(process.hrtime.bigint());

async function run(event: unknown): Promise<void> {
  const file = join(process.env.LAMBDA_TASK_ROOT ?? '', 'index.');
  const require = createRequire(file);
  require('node:http');
  const { handler } = existsSync(`${file}js`) ? require(`${file}js`) : await import(`${file}mjs`);
  const loaded = now();
  const end = Date.now() + 25_000;
  const result = await handler(event, {
    awsRequestId: 'bench',
    functionName: 'bench',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'bench',
    memoryLimitInMB: '1024',
    getRemainingTimeInMillis: () => end - Date.now(),
  });
  const report: Report = { loaded, answered: now(), cpu: cpu(), result, files: Object.keys(require.cache) };
  writeSync(3, JSON.stringify(report));
  process.exit(0);
}

void run(JSON.parse(process.argv[2] ?? '{}'));
