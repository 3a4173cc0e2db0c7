import { Refusal } from '../refusal.ts';

/** The most keys of a deployment, ended ones that are still listed included: one query lists all of them. */
export const MAX_KEYS = 200;

export const unknownKey = (): Refusal => new Refusal('UNKNOWN_KEY', 'This API key does not exist.');

export const tooManyKeys = (): Refusal =>
  new Refusal('TOO_MANY_KEYS', `There are ${MAX_KEYS} API keys already. Delete one first.`);
