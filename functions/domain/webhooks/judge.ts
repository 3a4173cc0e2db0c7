import { announceChanges } from './announce-change.ts';
import { type Attempted, GONE } from './attempt.ts';
import type { DeliverDeps, DeliverResult, ReceivedMessage } from './delivering.ts';
import type { DisabledReason, EndpointState, WebhookEndpoint } from './endpoint.ts';
import { endpointEvent } from './endpoint-events.ts';
import { openBreaker, releaseParked } from './parking.ts';
import { DISABLE_AFTER_MS, FAILURES_TO_OPEN } from './retry.ts';

/**
 * Decides what an attempt means for its endpoint: whether the service disables it, pauses it, sends the next probe, or
 * releases further deliveries.
 * @param after the endpoint's state after the attempt.
 */
export async function judge(
  deps: DeliverDeps,
  endpoint: WebhookEndpoint,
  after: EndpointState,
  { result, verdict, answer }: Attempted,
  { isProbe = false }: ReceivedMessage,
): Promise<DeliverResult> {
  const { now, slotsPerEndpoint } = deps;
  const { id } = endpoint;
  const isFailure = verdict === 'failure';
  const reason = isFailure ? disabledReason(after, answer?.answer === GONE, now()) : undefined;
  if (reason && (await disable(deps, endpoint, reason))) return withChange(result, { disabled: reason });
  const notBefore = now() + (answer?.retryAfterSeconds ?? 0) * 1000;
  if (after.probeAt !== undefined) {
    if (isProbe && isFailure) await openBreaker(deps, id, { failedProbes: after.failedProbes + 1, notBefore });
    // The probe was cancelled, so the next one is due at once.
    else if (isProbe) await openBreaker(deps, id, { failedProbes: after.failedProbes, at: now() });
  } else if (isFailure && after.failures >= FAILURES_TO_OPEN) {
    await openBreaker(deps, id, { failedProbes: 0, notBefore });
    return withChange(result, { isPaused: true });
  } else if (after.parkedAt !== undefined) {
    await releaseParked(deps, id, isProbe ? 2 * slotsPerEndpoint : 1);
  }
  return result;
}

const withChange = (result: DeliverResult, change: { disabled?: DisabledReason; isPaused?: boolean }): DeliverResult =>
  result.kind === 'ended' ? { ...result, ...change } : result;

function disabledReason({ failingSince }: EndpointState, isGone: boolean, now: number): DisabledReason | undefined {
  if (isGone) return 'GONE';
  return failingSince !== undefined && now - failingSince >= DISABLE_AFTER_MS ? 'FAILING' : undefined;
}

/** @returns whether this run disabled the endpoint. */
async function disable(deps: DeliverDeps, endpoint: WebhookEndpoint, reason: DisabledReason): Promise<boolean> {
  const at = deps.now();
  const disabled = { ...endpoint, isEnabled: false, disabledReason: reason, updatedAt: at };
  const event = endpointEvent({ type: 'webhook_endpoint.disabled', endpoint: disabled, at });
  if (!(await deps.store.replace(disabled, event))) return false;
  await announceChanges({ ...deps, endpoints: deps.store });
  return true;
}
