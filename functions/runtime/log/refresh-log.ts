import type { DueResult } from '../../domain/refresh/refresh-due.ts';
import { REASONS_WITHOUT_CALL } from '../../domain/upstream/errors.ts';
import { errorFields, log } from './log.ts';

/** ms after which a group counts as stuck, if its refreshes fail for reasons of its own. */
export const STUCK_AFTER_MS = 3_600_000;

/** Logs how a refresh of a group ended, in a worker or in a read. */
export function logRefresh(resultId: string, result: DueResult): void {
  const { kind } = result;
  // The announcement has a line of its own.
  if (kind === 'announced') return;
  if (kind === 'failed') {
    const { error, failures, failingSince = Number.POSITIVE_INFINITY } = result;
    const fields = { result_id: resultId, reason: error.reason, what: error.message, failures };
    const isStuck = Date.now() - failingSince >= STUCK_AFTER_MS;
    log('warn', 'refresh.failed', fields, {
      FailedRefreshes: 1,
      ...(!REASONS_WITHOUT_CALL.has(error.reason) && { Refreshes: 1 }),
      ...(isStuck && { StuckRefreshes: 1 }),
    });
  } else if (kind === 'published' || kind === 'revised' || kind === 'unchanged') {
    const { version, phase, unknownStatuses } = result;
    const unknown = unknownStatuses > 0 && { UnknownStatuses: unknownStatuses };
    const outcome = { ...(kind === 'published' && { Published: 1 }), ...(kind === 'unchanged' && { Unchanged: 1 }) };
    const metrics = { Refreshes: 1, Refreshed: 1, ...outcome, ...unknown };
    log('info', 'refresh.done', { result_id: resultId, outcome: kind, version, phase }, metrics);
  } else {
    log(
      'info',
      'refresh.done',
      { result_id: resultId, outcome: kind },
      kind === 'dropped' || kind === 'erased' ? {} : { Refreshes: 1 },
    );
  }
}

/** Logs that a group could not be queued. The next sweep queues it. */
export const logQueueFault = (resultId: string, error: unknown): void =>
  log('warn', 'refresh.request_failed', { result_id: resultId, ...errorFields(error) });
