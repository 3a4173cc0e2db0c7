/** How a reply is written to the socket. All values but `whole` are faults. */
export type Transmission = 'whole' | 'hang' | 'reset' | 'stall' | 'cut_off';

/** The content codings that a reply can have. */
export const CODINGS = ['gzip', 'deflate', 'deflate-raw', 'br', 'zstd'] as const;
export type Coding = (typeof CODINGS)[number];

/** A reply before it is written to a socket. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** The content codings of the body as it is sent, in the order in which they are applied. */
  codings?: readonly Coding[];
  /** Default `whole`. */
  delivery?: Transmission;
  /** The delay before the first byte. */
  delayMs?: number;
  /** The kind of fault that made or changed this reply, for the call log. */
  fault?: string;
  /** Whether it stands for a reply of another system, such as a proxy. It then has no AnyCheck headers. */
  foreign?: boolean;
}

export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return sourceReply(status, JSON.stringify(body), headers);
}

/** A reply whose body is JSON source text. */
export function sourceReply(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}
