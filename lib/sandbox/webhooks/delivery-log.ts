/** One webhook, sent or not. */
export interface DeliveryEntry {
  url: string;
  verification_id: string;
  /** The verification's status in the webhook. */
  status: string;
  /** The receiver's status code; null before the answer, and after a failure. */
  answer: number | null;
  /** `lost` (through the control API), `not_http` or `not_loopback` (never sent), `timeout`, `unreachable`, or null. */
  failure: string | null;
  /** The time of the status change, before any delay; ISO 8601. */
  at: string;
}

/** Deliveries since the start or the last clear. */
export interface DeliveryLog {
  begin(delivery: Omit<DeliveryEntry, 'answer' | 'failure'>): DeliveryEntry;
  /** The latest 20,000, oldest first. */
  report(): DeliveryEntry[];
  clear(): void;
}

const MAX_ENTRIES = 20_000;

export function createDeliveryLog(): DeliveryLog {
  const entries: DeliveryEntry[] = [];
  return {
    begin(delivery) {
      const entry: DeliveryEntry = { ...delivery, answer: null, failure: null };
      entries.push(entry);
      if (entries.length > MAX_ENTRIES) entries.shift();
      return entry;
    },
    report: () => [...entries],
    clear() {
      entries.length = 0;
    },
  };
}
