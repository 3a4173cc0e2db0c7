import { EVENT_TYPES, type EventType } from '../events/event.ts';
import type { StoredEvent } from '../events/event-bus.ts';
import { retried } from '../store/retried.ts';
import { type AnnounceChangeDeps, announceChanges } from './announce-change.ts';
import type { EndpointState, WebhookEndpoint } from './endpoint.ts';
import { type ChangedField, endpointEvent } from './endpoint-events.ts';
import { unknownEndpoint } from './endpoint-refusals.ts';
import type { Endpoints } from './ports.ts';

export interface ChangeDeps extends AnnounceChangeDeps {
  readonly endpoints: Endpoints;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** An endpoint with what deliveries have shown of it. */
export interface FoundEndpoint {
  readonly endpoint: WebhookEndpoint;
  readonly state: EndpointState;
}

/** What an admin changes; undefined stays as it is. */
export interface EndpointSettings {
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly eventTypes?: readonly EventType[] | undefined;
  readonly isEnabled?: boolean | undefined;
}

/** Returns each type once, in the order of EVENT_TYPES. */
export const ordered = (types: readonly EventType[]): EventType[] => EVENT_TYPES.filter((type) => types.includes(type));

/** Reads an endpoint. @throws Refusal UNKNOWN_ENDPOINT. */
export async function findEndpoint(
  { endpoints }: { readonly endpoints: Pick<Endpoints, 'get'> },
  endpointId: string,
): Promise<FoundEndpoint> {
  const found = await endpoints.get(endpointId);
  if (!found) throw unknownEndpoint();
  return found;
}

/**
 * Changes an endpoint, and announces that. A change that changes nothing writes nothing. An enabled endpoint that was
 * disabled receives the events from then on.
 * @param requestId of the call.
 * @throws Refusal UNKNOWN_ENDPOINT, CONCURRENT_CHANGES.
 */
export async function updateEndpoint(
  deps: ChangeDeps,
  endpointId: string,
  settings: EndpointSettings,
  requestId: string,
): Promise<FoundEndpoint> {
  const event = await retried(async () => {
    const { endpoint } = await findEndpoint(deps, endpointId);
    const changed = changedFields(endpoint, settings);
    if (changed.length === 0) return null;
    const at = deps.now();
    const after = { ...changedEndpoint(endpoint, settings), updatedAt: at };
    const isDisabled = endpoint.isEnabled && !after.isEnabled;
    const type = isDisabled ? 'webhook_endpoint.disabled' : 'webhook_endpoint.updated';
    const event = endpointEvent({ type, endpoint: after, at, changed, requestId });
    // Otherwise the next failure would disable an endpoint again that failed for days. A new URL begins anew, too.
    const isNew = changed.includes('url') || (changed.includes('enabled') && after.isEnabled);
    if (isNew) await deps.endpoints.clearFailures(endpointId, at);
    return (await deps.endpoints.replace(after, event)) ? event : undefined;
  });
  if (event) await announceChanges(deps);
  return findEndpoint(deps, endpointId);
}

function changedFields(endpoint: WebhookEndpoint, settings: EndpointSettings): ChangedField[] {
  const { url, description, eventTypes, isEnabled } = changedEndpoint(endpoint, settings);
  return [
    ...(url !== endpoint.url ? ['url' as const] : []),
    ...(description !== endpoint.description ? ['description' as const] : []),
    ...(eventTypes.join() !== endpoint.eventTypes.join() ? ['event_types' as const] : []),
    ...(isEnabled !== endpoint.isEnabled ? ['enabled' as const] : []),
  ];
}

function changedEndpoint(endpoint: WebhookEndpoint, settings: EndpointSettings): WebhookEndpoint {
  const { url, description, eventTypes, isEnabled } = settings;
  return {
    ...endpoint,
    ...(url !== undefined && { url }),
    ...(description !== undefined && { description }),
    ...(eventTypes && { eventTypes: ordered(eventTypes) }),
    ...(isEnabled !== undefined && { isEnabled }),
    ...(isEnabled === true && { disabledReason: undefined }),
  };
}

/**
 * Deletes an endpoint, and announces that.
 * @param requestId of the call.
 * @throws Refusal UNKNOWN_ENDPOINT, CONCURRENT_CHANGES.
 */
export async function deleteEndpoint(deps: ChangeDeps, endpointId: string, requestId: string): Promise<void> {
  const event = await retried<StoredEvent | null>(async (attempt) => {
    const found = await deps.endpoints.get(endpointId);
    // A write whose answer was lost is repeated, and fails then: the endpoint is deleted all the same.
    if (!found && attempt > 0) return null;
    if (!found) throw unknownEndpoint();
    const { endpoint } = found;
    const event = endpointEvent({ type: 'webhook_endpoint.deleted', endpoint, at: deps.now(), requestId });
    return (await deps.endpoints.delete(endpoint, event)) ? event : undefined;
  });
  if (event) await announceChanges(deps);
}
