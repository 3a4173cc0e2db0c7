/** One webhook that was sent, or should have been. */
export interface DeliveryEntry {
  url: string;
  verification_id: string;
  /** The verification's status that it tells. */
  status: string;
  /** The receiver's status code; null while unanswered, and for good where there is a failure. */
  answer: number | null;
  /** `lost` (as the controls say), `not_http` or `not_loopback` (never sent), `timeout`, `unreachable`, or null. */
  failure: string | null;
  /** When its status was told, before any delay; ISO 8601. */
  at: string;
}

/** Deliveries since the start or the last time that it was cleared. */
export interface DeliveryLog {
  begin(delivery: Omit<DeliveryEntry, 'answer' | 'failure'>): DeliveryEntry;
  /** The latest 20,000, oldest first. */
  report(): DeliveryEntry[];
  clear(): void;
}

const KEPT = 20_000;

export function createDeliveryLog(): DeliveryLog {
  const entries: DeliveryEntry[] = [];
  return {
    begin(delivery) {
      const entry: DeliveryEntry = { ...delivery, answer: null, failure: null };
      entries.push(entry);
      if (entries.length > KEPT) entries.shift();
      return entry;
    },
    report: () => [...entries],
    clear() {
      entries.length = 0;
    },
  };
}
