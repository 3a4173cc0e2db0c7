/** One call to the sandbox. */
export interface CallEntry {
  method: string;
  /** The raw path and query. */
  path: string;
  /** The route's method and path template, `unknown` where there is none. */
  route: string;
  /** Null until the answer is complete. It stays null after a fault such as hang or reset. */
  status: number | null;
  /** The kind of the fault that was injected, or null. */
  fault: string | null;
  /** ISO 8601. */
  at: string;
}

/** Calls to AnyCheck's own routes since the start or the last clear. It does not contain control calls. */
export interface CallLog {
  begin(call: Pick<CallEntry, 'method' | 'path' | 'route' | 'at'>): CallEntry;
  /** Counters per route, and the latest 20,000 calls, oldest first. */
  report(): { counts: Record<string, number>; calls: CallEntry[] };
  clear(): void;
}

const MAX_ENTRIES = 20_000;

export function createCallLog(): CallLog {
  const counts = new Map<string, number>();
  const calls: CallEntry[] = [];
  return {
    begin(call) {
      const entry: CallEntry = { ...call, status: null, fault: null };
      counts.set(call.route, (counts.get(call.route) ?? 0) + 1);
      calls.push(entry);
      if (calls.length > MAX_ENTRIES) calls.shift();
      return entry;
    },
    report: () => ({ counts: Object.fromEntries(counts), calls: [...calls] }),
    clear() {
      counts.clear();
      calls.length = 0;
    },
  };
}
