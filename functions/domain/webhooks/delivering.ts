import type { EventBus } from '../events/event-bus.ts';
import type { AnnounceChangeDeps } from './announce-change.ts';
import type { Delivery } from './delivery.ts';
import type { DisabledReason, EndpointState, WebhookEndpoint } from './endpoint.ts';
import type { DeliverMessage, DeliverQueue, DeliverStore, Ending, SecretBox, WebhookSender } from './ports.ts';

export interface DeliverDeps {
  readonly store: DeliverStore;
  readonly queue: DeliverQueue;
  readonly sender: WebhookSender;
  readonly secrets: SecretBox;
  readonly bus: EventBus;
  readonly onUnannounced: AnnounceChangeDeps['onUnannounced'];
  /** Attempts under way to one endpoint at most. */
  readonly slotsPerEndpoint: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface ReceivedMessage extends DeliverMessage {
  readonly deliveryId: string;
  /** How often the queue has delivered this message, this time included. */
  readonly receives: number;
}

/** How a message of a delivery was handled. */
export type DeliverResult =
  /** Another message brings the delivery, or it is finished, or it is under way. */
  | { readonly kind: 'dropped' }
  /** It waits until the endpoint works or has a free slot. */
  | { readonly kind: 'parked' }
  /** It waits, because no secret of the endpoint can be read. */
  | { readonly kind: 'postponed'; readonly error: unknown }
  | {
      readonly kind: 'ended';
      readonly delivery: Delivery;
      readonly ending: Ending;
      /** Whether this run disabled the endpoint, and why. */
      readonly disabled?: DisabledReason;
      /** Whether this run opened the endpoint's breaker. */
      readonly isPaused?: boolean;
    };

export interface Found {
  readonly endpoint: WebhookEndpoint;
  readonly state: EndpointState;
  readonly delivery: Delivery;
}
