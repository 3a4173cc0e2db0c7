import type * as z from 'zod';
import type { Listing } from '../groups/catalogue.ts';
import type { Reply } from '../reply.ts';
import type { QueuedFault } from './queued-fault.ts';

/** One page before it is put together; each part is JSON source text. */
interface Page {
  total: string;
  overallStatus: string;
  items: string[];
}

/** Where a fault can reach in; a kind has one or more of these. */
export interface FaultHooks {
  /** Answers instead of the API. */
  instead?(call: { endSession(): void }): Reply;
  /** Changes the group that this one call sees, before it is cut into pages. */
  listing?(listing: Listing): Listing;
  /** Changes the page; `listing` is the group as it really is. */
  page?(page: Page, listing: Listing): Page;
  /** Changes the finished answer. */
  reply?(reply: Reply): Reply;
}

/** One row of the table of faults. */
export interface FaultKind {
  /** What it does, for people. */
  about: string;
  /** Which pages it hits unless its request says otherwise. */
  pages: QueuedFault['pages'];
  /** Whether it makes sense on the auth routes too, not on the list alone. */
  anyRoute: boolean;
  /** Throws a ZodError where the parameters are wrong. */
  open(params: unknown): FaultHooks;
}

interface FaultPlan<S extends z.ZodType> {
  about: string;
  pages?: QueuedFault['pages'];
  params: S;
  hooks(params: z.output<S>): FaultHooks;
}

/** A row whose hooks get their parameters typed by its schema. */
export function faultKind<S extends z.ZodType>({ about, pages = 'any', params, hooks }: FaultPlan<S>): FaultKind {
  return { about, pages, anyRoute: false, open: (raw) => hooks(params.parse(raw)) };
}

/** The same for a fault of the transport, which can hit every route. */
export function transportFault<S extends z.ZodType>(plan: FaultPlan<S>): FaultKind {
  return { ...faultKind(plan), anyRoute: true };
}
