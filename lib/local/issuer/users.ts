import { createHash, timingSafeEqual } from 'node:crypto';
import { stableUuid } from '../names.ts';
import type { Pool } from './pools.ts';

/** A user of every pool of the stack. */
export interface LocalUser {
  readonly email: string;
  readonly password: string;
  readonly groups?: readonly string[];
  /** The challenge that Cognito returns instead of tokens: `NEW_PASSWORD_REQUIRED`, `SOFTWARE_TOKEN_MFA`. */
  readonly challenge?: string;
}

export interface PoolUser extends LocalUser {
  readonly sub: string;
}

export interface Users {
  add(user: LocalUser): void;
  find(pool: Pool, name: string): PoolUser | undefined;
}

export function createUsers(first: readonly LocalUser[]): Users {
  const users: LocalUser[] = [...first];
  return {
    add: (user) => void users.push(user),
    find(pool, name) {
      for (const user of users) {
        const email = user.email.toLowerCase();
        const sub = stableUuid(`${pool.id} ${email}`);
        if (email === name.toLowerCase() || sub === name) return { ...user, sub };
      }
      return undefined;
    },
  };
}

/** Takes the same time for an unknown user as for a wrong password. */
export function passwordMatches(user: PoolUser | undefined, password: string): boolean {
  const equal = isSame(user?.password ?? '', password);
  return equal && user !== undefined;
}

/** Compares two texts in a time that does not depend on where they differ. */
export function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
