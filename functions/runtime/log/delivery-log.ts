import type { DeliverResult } from '../../domain/webhooks/delivering.ts';
import type { DeliverMessage } from '../../domain/webhooks/ports.ts';
import type { Upkeep } from '../../domain/webhooks/upkeep.ts';
import { errorFields, log } from './log.ts';

/** Logs how a message of a delivery was handled. @param now ms since the epoch. */
export function logDelivery({ endpointId, deliveryId }: DeliverMessage, result: DeliverResult, now: number): void {
  const ids = { endpoint_id: endpointId, delivery_id: deliveryId };
  if (result.kind === 'postponed') {
    log('error', 'delivery.postponed', { ...ids, ...errorFields(result.error) }, { UnreadableSecrets: 1 });
    return;
  }
  if (result.kind !== 'ended') {
    log('info', result.kind === 'parked' ? 'delivery.parked' : 'delivery.dropped', ids);
    return;
  }
  const { delivery, ending, disabled, isPaused } = result;
  const attempt = 'attempt' in ending ? ending.attempt : undefined;
  const fields = {
    ...ids,
    result_id: delivery.resultId,
    status: ending.status,
    answer: attempt?.answer,
    duration_ms: attempt?.durationMs,
  };
  const attempts = attempt ? 1 : 0;
  if (ending.status === 'delivered') {
    const DeliveryDelaySeconds = Math.max(0, (now - delivery.at) / 1000);
    log('info', 'delivery.done', fields, { Deliveries: attempts, DeliveryDelaySeconds });
  } else if (ending.status === 'cancelled') log('info', 'delivery.dropped', { ...fields, reason: ending.reason });
  else log('warn', 'delivery.failed', fields, { Deliveries: attempts, FailedDeliveries: attempts });
  if (isPaused) log('warn', 'endpoint.paused', { endpoint_id: endpointId });
  if (disabled)
    log('error', 'endpoint.disabled', { endpoint_id: endpointId, reason: disabled }, { DisabledEndpoints: 1 });
}

/** Logs what an upkeep of an endpoint did. An upkeep that found nothing to do writes no line. */
export function logUpkeep({ endpointId }: DeliverMessage, done: Upkeep | undefined): void {
  if (!done) return;
  const { madeDue, released, recovered, failingSeconds, secretsFault } = done;
  if (secretsFault !== undefined) {
    const fields = { endpoint_id: endpointId, ...errorFields(secretsFault) };
    log('error', 'endpoint.secrets_unreadable', fields, { UnreadableSecrets: 1 });
  }
  if (madeDue + released + recovered + failingSeconds === 0) return;
  log(
    madeDue > 0 ? 'warn' : 'info',
    'endpoint.upkeep',
    { endpoint_id: endpointId, made_due: madeDue, released, recovered, failing_seconds: failingSeconds },
    failingSeconds > 0 ? { FailingEndpointSeconds: failingSeconds } : {},
  );
}
