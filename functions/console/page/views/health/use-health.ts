import { errorOf } from '../../api/call-error.ts';
import type { Body } from '../../api/route-types.ts';
import type { Loaded } from '../../api/use-load.ts';
import { usePoll } from '../../api/use-poll.ts';
import { useApp } from '../../app-context.ts';

export type HealthReport = Body<'GET /health/deep'>;

interface Read {
  readonly report: HealthReport;
  /** When it was read, RFC 3339. */
  readonly at: string;
}

/** A report takes a few reads of the table and of the queues, so it is loaded less often than a list of groups. */
const INTERVAL_MS = 30_000;

/** Loads the health of the service, and again every 30 seconds while the tab is visible. */
export function useHealth(): Loaded<Read> {
  const { client } = useApp();
  const load = async (signal: AbortSignal) => {
    // The report of a failing service has the status 503. So has an error of the gateway, without a report.
    const { status, headers, text, body } = await client.call('GET /health/deep', {}, { signal, accepts: [503] });
    if (body?.table === undefined) throw errorOf(status, headers, text);
    return { report: body, at: new Date().toISOString() };
  };
  return usePoll('health', load, INTERVAL_MS);
}
