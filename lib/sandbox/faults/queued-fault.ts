import * as z from 'zod';

/** The routes that a fault can hit. */
export const faultRouteSchema = z.enum(['list', 'login', 'refresh']);
/** The pages of a list that a fault hits: those at offset 0, those past it, or all. */
export const faultPagesSchema = z.enum(['first', 'later', 'any']);

/** A fault in the queue, as in the state file. */
export const queuedFaultSchema = z.object({
  kind: z.string(),
  route: faultRouteSchema,
  pages: faultPagesSchema,
  /** Undefined: the fault hits calls for any group. */
  result_id: z.string().optional(),
  /** The number of matching calls to skip first. */
  after: z.number(),
  /** The number of calls still to hit. */
  times: z.number(),
  /** The delay before the answer, for every kind. */
  delay_ms: z.number().optional(),
  /** The parameters of the kind. */
  params: z.record(z.string(), z.unknown()),
});

export type QueuedFault = z.infer<typeof queuedFaultSchema>;

/** The properties of a call by which a fault matches it. */
export interface FaultTarget {
  route: z.infer<typeof faultRouteSchema>;
  resultId?: string;
  pageOffset?: number;
  pageSize?: number;
}

/**
 * Returns the first queued fault that matches the call, and decrements or removes it. It calls `changed` after each
 * change.
 */
export function claimFault(queue: QueuedFault[], target: FaultTarget, changed: () => void): QueuedFault | undefined {
  for (const fault of queue) {
    if (!hits(fault, target)) continue;
    if (fault.after > 0) {
      fault.after--;
      changed();
      continue;
    }
    fault.times--;
    if (fault.times === 0) queue.splice(queue.indexOf(fault), 1);
    changed();
    return fault;
  }
  return undefined;
}

function hits(fault: QueuedFault, { route, resultId, pageOffset = 0 }: FaultTarget): boolean {
  if (fault.route !== route) return false;
  if (fault.result_id !== undefined && fault.result_id !== resultId) return false;
  return fault.pages === 'any' || (fault.pages === 'later') === pageOffset > 0;
}
