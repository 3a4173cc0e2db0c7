import type * as z from 'zod';
import type { Listing } from '../groups/catalogue.ts';
import type { Reply } from '../reply.ts';
import type { QueuedFault } from './queued-fault.ts';

/** The parts of one page, each as JSON source text. */
interface Page {
  total: string;
  overallStatus: string;
  items: string[];
}

/** The points at which a fault changes an answer. A kind has one or more of these hooks. */
export interface FaultHooks {
  /** Answers instead of the API; undefined where the API answers. `pageSize` is that of a list, else 0. */
  instead?(call: { pageSize: number; endSession(): void }): Reply | undefined;
  /** Changes the group for this call, before it is split into pages. */
  listing?(listing: Listing): Listing;
  /** Changes the page; `listing` is the unchanged group. */
  page?(page: Page, listing: Listing): Page;
  /** Changes the finished answer. */
  reply?(reply: Reply): Reply;
}

/** One row of the table of faults. */
export interface FaultKind {
  /** A description for people. */
  about: string;
  /** The default pages that it hits. */
  pages: QueuedFault['pages'];
  /** Whether it applies to the auth routes too, not only to the list. */
  anyRoute: boolean;
  /** Parses the parameters. @throws ZodError for invalid ones. */
  open(params: unknown): FaultHooks;
}

interface FaultPlan<S extends z.ZodType> {
  about: string;
  pages?: QueuedFault['pages'];
  params: S;
  hooks(params: z.output<S>): FaultHooks;
}

/** A fault of the list whose schema types the parameters of its hooks. */
export function faultKind<S extends z.ZodType>({ about, pages = 'any', params, hooks }: FaultPlan<S>): FaultKind {
  return { about, pages, anyRoute: false, open: (raw) => hooks(params.parse(raw)) };
}

/** A fault of the transport, which can hit every route. */
export function transportFault<S extends z.ZodType>(plan: FaultPlan<S>): FaultKind {
  return { ...faultKind(plan), anyRoute: true };
}
