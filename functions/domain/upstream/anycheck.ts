import type { Listing } from '../group/verification.ts';

/** The AnyCheck API. `list` throws an UpstreamError where AnyCheck gives no usable answer. */
export interface AnyCheck {
  list(resultId: string, page: { offset: number; size: number }, signal: AbortSignal): Promise<Listing>;
}
