import type { RefreshResult } from '../domain/refresh.ts';
import { log } from './log.ts';

/** Tells how a look at a group ended, whoever looked. */
export function logRefresh(resultId: string, result: RefreshResult | { readonly kind: 'dropped' }): void {
  const { kind } = result;
  if (kind === 'failed') {
    const { error, failures } = result;
    log('warn', 'refresh.failed', { result_id: resultId, reason: error.reason, what: error.message, failures });
  } else if (kind === 'published' || kind === 'revised' || kind === 'unchanged') {
    const { version, phase, unknownStatuses } = result;
    const metrics = unknownStatuses > 0 ? { UnknownStatuses: unknownStatuses } : {};
    log('info', 'refresh.done', { result_id: resultId, outcome: kind, version, phase }, metrics);
  } else {
    log('info', 'refresh.done', { result_id: resultId, outcome: kind });
  }
}
