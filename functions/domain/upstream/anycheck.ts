import type { Listing } from '../group/verification.ts';

/** AnyCheck. Whatever keeps it from answering is thrown as an UpstreamError. */
export interface AnyCheck {
  list(resultId: string, page: { offset: number; size: number }, signal: AbortSignal): Promise<Listing>;
}
