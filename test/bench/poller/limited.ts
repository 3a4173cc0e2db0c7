import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../../lib/sandbox/server.ts';
import { callsUntil, heldGroups, SECONDS } from '../backlog/measure.ts';

/** ms that AnyCheck takes to answer, and calls that the poller has under way at once. */
export const TAKES = 300;
export const AT_ONCE = 10;

/** A poller that requests every group once a minute, some in parallel, and leaves refused calls to the next minute. */
export async function pollerUnderLimit(): Promise<{ readonly calls: number; readonly refused: number }> {
  const sandbox = await startSandbox();
  const ids = heldGroups(sandbox, true);
  const until = Date.now() + SECONDS * 1000;
  const headers = { 'x-api-key': sandbox.credentials.apiKey };
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let id = ids.pop(); id !== undefined && Date.now() < until; id = ids.pop()) {
        const took = sleep(TAKES);
        await fetch(`${sandbox.url}/verifications?result_id=${id}&page_offset=0&page_size=100`, { headers });
        await took;
      }
    }),
  );
  const { requests, refused } = callsUntil(sandbox);
  await sandbox.close();
  return { calls: requests.length, refused };
}
