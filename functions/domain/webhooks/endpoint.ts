import type { EventType } from '../events/event.ts';

/** Why the service disabled an endpoint: it failed for days, or it answered 410. */
export const DISABLED_REASONS = ['FAILING', 'GONE'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

export const ENDPOINT_ID = /^we_[\w-]{22}$/;

/** A signing secret of an endpoint. All secrets that have not ended sign each delivery. */
export interface SealedSecret {
  /** Counts from 1 up. No two secrets of an endpoint have the same one. */
  readonly version: number;
  /** The encrypted secret; see SecretBox. */
  readonly sealed: string;
  /** When it ends, ms since the epoch; undefined for the current one. */
  readonly until: number | undefined;
}

/** Where events are delivered to, as an admin set it. All times are ms since the epoch. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly EventType[];
  readonly isEnabled: boolean;
  /** Undefined where an admin disabled it, or where it is enabled. */
  readonly disabledReason: DisabledReason | undefined;
  readonly secrets: readonly SealedSecret[];
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Counts every write of the record. A write is made only where it is still the one that was read. */
  readonly revision: number;
}

/** An attempt under way. */
export interface Slot {
  readonly deliveryId: string;
  /** When it ends by itself, ms since the epoch. */
  readonly until: number;
}

/** A recovery under way: failed deliveries of events from `since` up to `until` are delivered again. */
export interface Recovery {
  readonly since: number;
  readonly until: number;
  /** The last delivery that was looked at; undefined at the beginning. */
  readonly after: string | undefined;
}

/** What deliveries to an endpoint have shown so far. All times are ms since the epoch. */
export interface EndpointState {
  /** The attempts under way, by number; a free slot is undefined. */
  readonly slots: readonly (Slot | undefined)[];
  /** Failed attempts since the last success, and when the first of them was. */
  readonly failures: number;
  readonly failingSince: number | undefined;
  readonly lastSuccess: number | undefined;
  /** While the breaker is open: when the next probe is due, and how many probes have failed. */
  readonly probeAt: number | undefined;
  readonly failedProbes: number;
  /** Since when deliveries are parked; undefined where none is known to be. */
  readonly parkedAt: number | undefined;
  /** Deliveries up to this id are finished, parked, or stand in the index of what is due. */
  readonly checkedTo: string;
  readonly recovery: Recovery | undefined;
  /** When the endpoint's upkeep is due. */
  readonly due: number | undefined;
}

/** How an endpoint does, as an operator reads it. */
export const ENDPOINT_STATES = ['active', 'failing', 'paused', 'disabled'] as const;
export type EndpointStateName = (typeof ENDPOINT_STATES)[number];

/** Paused: the breaker is open, and one probe at a time is sent. */
export function stateName({ isEnabled }: WebhookEndpoint, { probeAt, failures }: EndpointState): EndpointStateName {
  if (!isEnabled) return 'disabled';
  if (probeAt !== undefined) return 'paused';
  return failures > 0 ? 'failing' : 'active';
}

/** The secrets that sign at a time, the current one first. @param now ms since the epoch. */
export const activeSecrets = ({ secrets }: WebhookEndpoint, now: number): readonly SealedSecret[] =>
  secrets.filter(({ until }) => until === undefined || until > now).sort((a, b) => b.version - a.version);
