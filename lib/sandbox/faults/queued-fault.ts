import * as z from 'zod';

/** What a fault can hit. */
export const faultRouteSchema = z.enum(['list', 'login', 'refresh']);
/** Which pages of a run a fault hits: those at offset 0, those past it, or all. */
export const faultPagesSchema = z.enum(['first', 'later', 'any']);

/** A fault waiting for its calls, as the state file keeps it. */
export const queuedFaultSchema = z.object({
  kind: z.string(),
  route: faultRouteSchema,
  pages: faultPagesSchema,
  /** Undefined: calls for any group. */
  result_id: z.string().optional(),
  /** Matching calls to let pass first. */
  after: z.number(),
  /** Calls still to be hit. */
  times: z.number(),
  /** Waits this long before it answers, whatever the kind. */
  delay_ms: z.number().optional(),
  /** What belongs to the kind. */
  params: z.record(z.string(), z.unknown()),
});

export type QueuedFault = z.infer<typeof queuedFaultSchema>;

/** A call as far as a fault may ask for it. */
export interface FaultTarget {
  route: z.infer<typeof faultRouteSchema>;
  resultId?: string;
  pageOffset?: number;
}

/** Takes the first queued fault that fits this call out of the queue, or one from its count; `changed` hears of any change. */
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
