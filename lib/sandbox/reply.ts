/** How an answer goes over the wire; all but `whole` are faults. */
export type Delivery = 'whole' | 'hang' | 'reset' | 'stall' | 'cut_off';

/** One answer, before it is written to a socket. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** Default `whole`. */
  delivery?: Delivery;
  /** Milliseconds to wait before the first byte. */
  delayMs?: number;
  /** The kind of fault that made or changed this answer, for the call log. */
  fault?: string;
  /** Whether something else than AnyCheck gave it (a proxy, say), so that AnyCheck's headers are not on it. */
  foreign?: boolean;
}

export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return sourceReply(status, JSON.stringify(body), headers);
}

/** An answer whose body is JSON source text already. */
export function sourceReply(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}
