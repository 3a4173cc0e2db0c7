import { randomBytes } from 'node:crypto';

/** Standard Webhooks recommends 24 to 64 bytes. */
const BYTES = 32;

/** Makes a signing secret of a webhook endpoint. */
export const newSigningSecret = (): string => `whsec_${randomBytes(BYTES).toString('base64')}`;
