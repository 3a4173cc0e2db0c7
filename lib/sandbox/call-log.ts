/** One call that the sandbox got. */
export interface CallEntry {
  method: string;
  /** Path and query as they came. */
  path: string;
  /** The route's method and path template, `unknown` where there is none. */
  route: string;
  /** Null while unanswered, and for good where the answer was never given whole (hang, reset, …). */
  status: number | null;
  /** The kind of fault that hit it. */
  fault: string | null;
  /** ISO 8601. */
  at: string;
}

/** Calls to AnyCheck's own routes since the start or the last reset; control calls don't count. */
export interface CallLog {
  begin(call: Pick<CallEntry, 'method' | 'path' | 'route' | 'at'>): CallEntry;
  /** Counters per route, and the latest 20,000 calls, oldest first. */
  report(): { counts: Record<string, number>; calls: CallEntry[] };
  clear(): void;
}

const KEPT = 20_000;

export function createCallLog(): CallLog {
  const counts = new Map<string, number>();
  const calls: CallEntry[] = [];
  return {
    begin(call) {
      const entry: CallEntry = { ...call, status: null, fault: null };
      counts.set(call.route, (counts.get(call.route) ?? 0) + 1);
      calls.push(entry);
      if (calls.length > KEPT) calls.shift();
      return entry;
    },
    report: () => ({ counts: Object.fromEntries(counts), calls: [...calls] }),
    clear() {
      counts.clear();
      calls.length = 0;
    },
  };
}
