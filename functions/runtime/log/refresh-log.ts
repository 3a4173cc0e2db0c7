import type { DueResult } from '../../domain/refresh/refresh-due.ts';
import { NOT_ASKED } from '../../domain/upstream/errors.ts';
import { log } from './log.ts';

/** ms that looks at a group have failed for reasons of its own after which it is stuck. */
export const STUCK = 3_600_000;

/** Tells how a look at a group ended, whoever looked. */
export function logRefresh(resultId: string, result: DueResult): void {
  const { kind } = result;
  if (kind === 'failed') {
    const { error, failures, failingSince = Number.POSITIVE_INFINITY } = result;
    const fields = { result_id: resultId, reason: error.reason, what: error.message, failures };
    const isStuck = Date.now() - failingSince >= STUCK;
    log('warn', 'refresh.failed', fields, {
      FailedLooks: 1,
      ...(!NOT_ASKED.has(error.reason) && { Looks: 1 }),
      ...(isStuck && { StuckLooks: 1 }),
    });
  } else if (kind === 'published' || kind === 'revised' || kind === 'unchanged') {
    const { version, phase, unknownStatuses } = result;
    const unknown = unknownStatuses > 0 && { UnknownStatuses: unknownStatuses };
    const outcome = { ...(kind === 'published' && { Published: 1 }), ...(kind === 'unchanged' && { Unchanged: 1 }) };
    const metrics = { Looks: 1, Refreshed: 1, ...outcome, ...unknown };
    log('info', 'refresh.done', { result_id: resultId, outcome: kind, version, phase }, metrics);
  } else {
    log(
      'info',
      'refresh.done',
      { result_id: resultId, outcome: kind },
      kind === 'dropped' || kind === 'erased' ? {} : { Looks: 1 },
    );
  }
}
