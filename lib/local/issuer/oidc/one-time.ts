import { randomBytes } from 'node:crypto';

/** Texts that stand for a value once: authorization codes and refresh tokens. */
export interface OneTime<T> {
  issue(value: T): string;
  /** Returns the value of a text the first time; undefined later, and for a text that is unknown or has ended. */
  redeem(text: string): T | undefined;
}

export function oneTime<T>(lifetimeMs: number, now: () => number): OneTime<T> {
  const issued = new Map<string, { readonly value: T; readonly ends: number }>();
  return {
    issue(value) {
      const text = randomBytes(32).toString('base64url');
      issued.set(text, { value, ends: now() + lifetimeMs });
      return text;
    },
    redeem(text) {
      const found = issued.get(text);
      issued.delete(text);
      return found && found.ends > now() ? found.value : undefined;
    },
  };
}
