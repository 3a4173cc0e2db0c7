import { answered } from '../api-error.ts';
import { endSession } from '../auth.ts';
import type { SandboxContext } from '../context.ts';
import type { Reply } from '../reply.ts';
import type { FaultHooks } from './fault-kind.ts';
import { openFault } from './faults.ts';
import { claimFault, type FaultTarget } from './queued-fault.ts';

/**
 * Answers a call, with the first matching fault of the queue applied. A fault replaces the answer or changes parts of
 * it.
 */
export async function underFault(
  context: SandboxContext,
  target: FaultTarget,
  answer: (hooks: FaultHooks) => Reply | Promise<Reply>,
): Promise<Reply> {
  const { store } = context;
  const fault = claimFault(store.data.faults, target, () => store.save());
  if (fault === undefined) return answer({});
  const hooks = openFault(fault.kind, fault.params);
  const instead = hooks.instead?.({ pageSize: target.pageSize ?? 0, endSession: () => endSession(context) });
  const reply: Reply = instead === undefined ? await answered(() => answer(hooks)) : { ...instead, foreign: true };
  const changed = hooks.reply?.(reply) ?? reply;
  return { ...changed, fault: fault.kind, ...(fault.delay_ms === undefined ? {} : { delayMs: fault.delay_ms }) };
}
