import { seeded } from '../../../lib/sandbox/fixtures/seeded.ts';
import type { Size } from '../../size.ts';
import { type Pages, sameItems, samePages } from './pages.ts';

type Request = Readonly<Record<string, unknown>>;

/** The effect of a fault, in the words of docs/faults.md. */
export interface Outcome {
  /** The answer to a reader of a group that the service does not know. */
  readonly unknown: string;
  /** The answer to a reader that sends `no-cache`, of a known group that has changed at AnyCheck. */
  readonly known: string;
  readonly row: string;
  /** When the schedule refreshes it again. */
  readonly again: string;
  /** The answer to a reader of an unknown group if the fault affects one call; '-' where that does not apply. */
  readonly once: string;
}

export interface Fault {
  readonly name: string;
  /**
   * The request to the sandbox; see `lib/sandbox/faults/faults.ts`. The fault lasts unless the request names a number
   * of `times`.
   */
  readonly request: () => Request;
  /** Of the group. More than 100 take two calls. */
  readonly items: number;
  /** AnyCheck's list under the fault, where it is a valid list. */
  readonly sent: (page: string) => string;
  /** Whether pages are AnyCheck's list. Where its order or its length varies, equal text is not asked for. */
  readonly matches: (pages: Pages, listed: Pages) => boolean;
  /** Whether the order of the items varies under the fault, and so in what is served afterwards. */
  readonly anyOrder: boolean;
  /** Whether the fault affects another group just before: the outcome is that of the next readers. */
  readonly meanwhile: boolean;
  /** Whether the session must be valid when the fault begins. */
  readonly live: boolean;
  /** Whether another instance's session, which is due to be renewed, takes its place when the fault begins. */
  readonly renewable: boolean;
  /** Whether it differs from another fault by one value only: a sampled run draws a third of these. */
  readonly isVariant: boolean;
  readonly expected: Outcome;
}

type Special = Partial<Pick<Fault, 'items' | 'sent' | 'matches' | 'anyOrder' | 'meanwhile' | 'live' | 'renewable'>>;

/** @param request a function where the request contains a time. */
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
  matches: special.anyOrder ? sameItems : samePages,
  anyOrder: false,
  meanwhile: false,
  live: false,
  renewable: false,
  isVariant: false,
  ...special,
});

export const variants = (...faults: readonly Fault[]): readonly Fault[] =>
  faults.map((one) => ({ ...one, isVariant: true }));

/** Whether a run of this size and seed makes a fault. */
export const isDrawn = ({ name, isVariant }: Fault, size: Size, seed: number): boolean =>
  size.name === 'full' || !isVariant || seeded(`faults/${seed}/${name}`).integer(0, 4) === 0;

export const status = (code: number, error_code: string, headers: Readonly<Record<string, string>> = {}): Request => ({
  kind: 'status',
  status: code,
  error_code,
  headers,
});

/** An answer as it stands, of a proxy or of AnyCheck. */
export const raw = (code: number, body = '', more: Request = {}): Request => ({
  kind: 'raw',
  status: code,
  body,
  ...more,
});

export const SERVED = '200, version 1';
export const AS_IT_WAS = '200, version 1, unchanged';
export const comeBack = (seconds: string) => `503, Retry-After: ${seconds}`;

interface Failure {
  readonly retryAfter?: string;
  readonly again?: string;
  readonly once?: string;
}

/** A refresh that fails: the served snapshot stays. */
export const fails = (reason: string, { retryAfter = '15', again = '15 s', once }: Failure = {}): Outcome => ({
  unknown: comeBack(retryAfter),
  known: AS_IT_WAS,
  row: `${reason}, 1 failure`,
  again,
  once: once ?? comeBack(retryAfter),
});

export const NO_FAILURE = 'no failure';

/** A refresh that succeeds in spite of the fault. */
export const succeeds = (known = '200, version 2, as AnyCheck lists it'): Outcome => ({
  unknown: SERVED,
  known,
  row: NO_FAILURE,
  again: 'by the cadence',
  once: SERVED,
});
