/** The roles that an API key can have. No key is an admin's, so a leaked key can neither erase nor make other keys. */
export const KEY_ROLES = ['viewer', 'operator'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** A secret of a key. */
export interface KeySecret {
  /** The SHA-256 of the secret, in hexadecimal. */
  readonly hash: string;
  /** When a secret that was replaced ends, in ms since the epoch; undefined for the current secret. */
  readonly until: number | undefined;
}

/** An API key, as it is stored. Nothing stored gives the secret back. All times are ms since the epoch. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: KeyRole;
  /** The subject of the admin's token who created the key. */
  readonly createdBy: string;
  readonly createdAt: number;
  /** The last rotation, and the subject of the admin's token; undefined before the first. */
  readonly rotated: { readonly at: number; readonly by: string } | undefined;
  /** When the key ends, all its secrets included. */
  readonly expiresAt: number;
  /** Days from a creation or a rotation until the key ends. */
  readonly lifetimeDays: number;
  /** The current secret first. */
  readonly secrets: readonly [KeySecret, ...KeySecret[]];
  /** Counts the changes of the record. */
  readonly revision: number;
}

/** Days before its end from which a key shows as one to rotate. A key of few days would show so for its whole life. */
const NEAR_END_DAYS = 14;
/** The part of its days from which it does so at the earliest. */
const NEAR_END_PART = 1 / 4;
export const NEAR_END = `${NEAR_END_DAYS} days, or within a quarter of its days if that is less`;
export const DAY_MS = 86_400_000;

/** Whether a key is valid and ends within NEAR_END. @param now ms since the epoch. */
export const isNearEnd = ({ expiresAt, lifetimeDays }: ApiKey, now: number): boolean =>
  now < expiresAt && expiresAt - now <= Math.min(NEAR_END_DAYS, NEAR_END_PART * lifetimeDays) * DAY_MS;
