/** When events were published, and when which endpoint received them first. */
export interface Received {
  published(eventId: string, at: number): void;
  got(url: string, eventId: string, at: number): void;
  /** Deliveries that arrived, and requests beyond the first of each. */
  readonly count: number;
  readonly doubled: number;
  /** ms from the publish to the first receipt, of the endpoints with these URLs. */
  took(urls: readonly string[]): number[];
}

export function receipts(): Received {
  const published = new Map<string, number>();
  const first = new Map<string, Map<string, number>>();
  let count = 0;
  let doubled = 0;
  return {
    published: (eventId, at) => void published.set(eventId, at),
    got(url, eventId, at) {
      const own = first.get(url) ?? new Map<string, number>();
      first.set(url, own);
      if (own.has(eventId)) doubled++;
      else {
        own.set(eventId, at);
        count++;
      }
    },
    get count() {
      return count;
    },
    get doubled() {
      return doubled;
    },
    took: (urls) =>
      urls.flatMap((url) =>
        [...(first.get(url) ?? [])].map(([eventId, at]) => at - (published.get(eventId) ?? Number.NaN)),
      ),
  };
}
