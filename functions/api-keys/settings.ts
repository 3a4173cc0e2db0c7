import * as z from 'zod/mini';
import { KEY_ROLES } from '../domain/api-keys/api-key.ts';

const MAX_NAME_LENGTH = 100;
/** Days until a new key ends: what AnyCheck advises, and the most. */
const DEFAULT_DAYS = 90;
const MAX_DAYS = 365;
/** Hours for which the secret before stays valid: one day, and the most. */
const DEFAULT_HOURS = 24;
const MAX_HOURS = 168;

const DAYS = `must be an integer from 1 to ${MAX_DAYS}`;
const HOURS = `must be an integer from 0 to ${MAX_HOURS}`;
const days = z.int(DAYS).check(z.minimum(1, DAYS), z.maximum(MAX_DAYS, DAYS));
const hours = z.int(HOURS).check(z.minimum(0, HOURS), z.maximum(MAX_HOURS, HOURS));
const meta = (description: string) => z.meta({ description });

/** What an admin sets of a new key. */
export const NewKeySettings = z
  .strictObject({
    name: z.string().check(
      z.minLength(1, 'must not be empty'),
      z.maxLength(MAX_NAME_LENGTH, `has over ${MAX_NAME_LENGTH} characters`),
      z.refine((text) => text.isWellFormed(), 'is no valid Unicode'),
      meta('Which program the key is for. It need not be unique.'),
    ),
    role: z.enum(KEY_ROLES, `must be one of ${KEY_ROLES.join(', ')}`).check(meta('A key is never an admin’s.')),
    expires_in_days: z._default(days.check(meta('Days until the key ends.')), DEFAULT_DAYS),
  })
  .check(z.meta({ id: 'NewApiKey' }));

/** How an admin rotates a key. */
export const RotationSettings = z
  .strictObject({
    previous_valid_hours: z._default(
      hours.check(meta('Hours for which the secret before stays valid. 0 ends every earlier secret at once.')),
      DEFAULT_HOURS,
    ),
    expires_in_days: z.optional(days.check(meta('Days from now until the key ends; as many as before by default.'))),
  })
  .check(z.meta({ id: 'ApiKeyRotation' }));
