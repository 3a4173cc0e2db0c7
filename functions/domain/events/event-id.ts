import { createHash } from 'node:crypto';

/** Returns the id of an event, made of what makes the event unique. So each repetition of the event has the same id. */
export const eventIdOf = (...parts: readonly (string | number)[]): string =>
  `evt_${createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22)}`;
