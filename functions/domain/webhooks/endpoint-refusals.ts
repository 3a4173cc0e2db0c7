import { Refusal } from '../refusal.ts';

/** The most endpoints of a deployment: dispatch reads all of them for each event. */
export const MAX_ENDPOINTS = 50;

export const unknownEndpoint = (): Refusal => new Refusal('UNKNOWN_ENDPOINT', 'This webhook endpoint does not exist.');

export const tooManyEndpoints = (): Refusal =>
  new Refusal('TOO_MANY_ENDPOINTS', `There are ${MAX_ENDPOINTS} webhook endpoints already. Delete one first.`);

export const disabledEndpoint = (): Refusal =>
  new Refusal('DISABLED_ENDPOINT', 'This webhook endpoint is disabled. Enable it first.');

export const unknownDelivery = (): Refusal =>
  new Refusal('UNKNOWN_DELIVERY', 'This delivery does not exist, or it is older than 30 days.');

export const erasedEvent = (): Refusal =>
  new Refusal('ERASED_EVENT', 'The group of this delivery was erased, and its events with it.');
