import type { EventType } from '../events/event.ts';
import { concurrentChanges, tooSoon } from '../refusal.ts';
import { retried } from '../store/retried.ts';
import { announceChanges } from './announce-change.ts';
import { type ChangeDeps, type FoundEndpoint, findEndpoint, ordered } from './change-endpoint.ts';
import { activeSecrets, type WebhookEndpoint } from './endpoint.ts';
import { endpointEvent } from './endpoint-events.ts';
import { MAX_ENDPOINTS, tooManyEndpoints } from './endpoint-refusals.ts';
import { MAX_ACTIVE_SECRETS, type NewSecretDeps, ROTATION_MS, sealedSecret } from './secrets.ts';

export interface SecretDeps extends ChangeDeps, NewSecretDeps {
  /** Returns 22 characters of base64url. */
  readonly randomId: () => string;
}

export interface NewEndpoint {
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly EventType[];
}

/**
 * Creates an enabled endpoint with a signing secret, and announces it. Concurrent calls can exceed MAX_ENDPOINTS.
 * @param requestId of the call.
 * @returns the endpoint, and its secret in clear text.
 * @throws Refusal TOO_MANY_ENDPOINTS.
 */
export async function createEndpoint(
  deps: SecretDeps,
  settings: NewEndpoint,
  requestId: string,
): Promise<FoundEndpoint & { readonly secret: string }> {
  const { endpoints, now, randomId } = deps;
  if ((await endpoints.list()).length >= MAX_ENDPOINTS) throw tooManyEndpoints();
  const id = `we_${randomId()}`;
  const { secret, sealed } = await sealedSecret(deps, id, 1);
  const at = now();
  const endpoint: WebhookEndpoint = {
    ...settings,
    eventTypes: ordered(settings.eventTypes),
    id,
    isEnabled: true,
    disabledReason: undefined,
    secrets: [sealed],
    createdAt: at,
    updatedAt: at,
    revision: 1,
  };
  const event = endpointEvent({ type: 'webhook_endpoint.created', endpoint, at, requestId });
  const isCreated = await endpoints.create(endpoint, event);
  // A write whose answer was lost is repeated, and fails then: an endpoint with this id is the one of this call.
  if (!isCreated && !(await endpoints.get(id))) throw concurrentChanges();
  await announceChanges(deps);
  return { ...(await findEndpoint(deps, id)), secret };
}

/**
 * Adds a signing secret to an endpoint, and announces that. The secrets before it sign on for ROTATION_MS from when each
 * was replaced. Secrets that have ended are dropped.
 * @param requestId of the call.
 * @returns the new secret in clear text, and when the one before it ends, ms since the epoch.
 * @throws Refusal UNKNOWN_ENDPOINT, CONCURRENT_CHANGES; QUOTA_SPENT where MAX_ACTIVE_SECRETS sign already.
 */
export async function rotateSecret(
  deps: SecretDeps,
  endpointId: string,
  requestId: string,
): Promise<{ readonly secret: string; readonly previousEndsAt: number }> {
  const { event, ...rotated } = await retried(async () => {
    const { endpoint } = await findEndpoint(deps, endpointId);
    const at = deps.now();
    const active = activeSecrets(endpoint, at);
    if (active.length >= MAX_ACTIVE_SECRETS) {
      const firstEnd = Math.min(...active.flatMap(({ until }) => until ?? []));
      throw tooSoon(
        `${MAX_ACTIVE_SECRETS} secrets of this webhook endpoint sign already. Wait until one ends.`,
        firstEnd - at,
      );
    }
    const version = Math.max(...endpoint.secrets.map((one) => one.version)) + 1;
    const { secret, sealed } = await sealedSecret(deps, endpointId, version);
    const previousEndsAt = at + ROTATION_MS;
    const previous = active.map((one) => ({ ...one, until: one.until ?? previousEndsAt }));
    const after = { ...endpoint, secrets: [sealed, ...previous], updatedAt: at };
    const event = endpointEvent({
      type: 'webhook_endpoint.updated',
      endpoint: after,
      at,
      changed: ['secret'],
      requestId,
    });
    return (await deps.endpoints.replace(after, event)) ? { secret, previousEndsAt, event } : undefined;
  });
  await announceChanges(deps);
  return rotated;
}
