type Request = Readonly<Record<string, unknown>>;

/** What a fault comes to, in the words of docs/faults.md. */
export interface Outcome {
  /** The answer to a reader of a group that nobody asked for before. */
  readonly unknown: string;
  /** The answer to a reader who insists, of a group that is known and has changed at AnyCheck. */
  readonly known: string;
  readonly row: string;
  /** When the schedule tries it again. */
  readonly again: string;
  /** The answer to a reader of an unknown group if it happens once and is over; '-' where once makes no sense. */
  readonly once: string;
}

export interface Fault {
  readonly name: string;
  /** What the sandbox is asked for; see `lib/sandbox/faults/faults.ts`. It lasts unless it says how many `times`. */
  readonly request: () => Request;
  /** Of the group. More than 100 take two calls. */
  readonly items: number;
  /** What AnyCheck lists under it, where that is a list like any other. */
  readonly sent: (page: string) => string;
  /** It happens to another group, just before: this is what becomes of those who ask next. */
  readonly meanwhile: boolean;
  /** The session has to be a good one when it begins. */
  readonly live: boolean;
  readonly expected: Outcome;
}

type Special = Partial<Pick<Fault, 'items' | 'sent' | 'meanwhile' | 'live'>>;

/** @param request one that names a time is made when it is asked for. */
export const fault = (
  name: string,
  request: Request | (() => Request),
  expected: Outcome,
  special: Special = {},
): Fault => ({
  name,
  request: typeof request === 'function' ? request : () => request,
  expected,
  items: 3,
  sent: (page) => page,
  meanwhile: false,
  live: false,
  ...special,
});

export const status = (code: number, error_code: string, headers: Readonly<Record<string, string>> = {}): Request => ({
  kind: 'status',
  status: code,
  error_code,
  headers,
});

export const SERVED = '200, version 1';
export const AS_IT_WAS = '200, version 1 as it was';
export const comeBack = (seconds: string) => `503, Retry-After: ${seconds}`;

interface Failure {
  readonly retryAfter?: string;
  readonly again?: string;
  readonly once?: string;
}

/** A look that fails: nothing that is served changes. */
export const fails = (reason: string, { retryAfter = '15', again = '15 s', once }: Failure = {}): Outcome => ({
  unknown: comeBack(retryAfter),
  known: AS_IT_WAS,
  row: `${reason}, 1 failure`,
  again,
  once: once ?? comeBack(retryAfter),
});

/** A look that comes to a good end all the same. */
export const succeeds = (known = '200, version 2 as AnyCheck lists it'): Outcome => ({
  unknown: SERVED,
  known,
  row: 'no failure',
  again: 'as ever',
  once: SERVED,
});
