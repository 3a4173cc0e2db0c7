import type { Body } from '../../api/route-types.ts';

export type Key = Body<'GET /api-keys'>['items'][number];

/** A key that the service returned once. */
export interface IssuedKey {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly expires_at: string;
  /** When the secret before ends; undefined for a new key. */
  readonly previous_ends_at?: string;
}
