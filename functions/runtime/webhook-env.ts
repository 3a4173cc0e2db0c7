import * as z from 'zod/mini';
import { nonEmptyString } from './env.ts';

/** A list of words, separated by commas; '' is empty. */
const words = z.pipe(
  z.string(),
  z.transform((text: string): readonly string[] => text.split(',').filter((word) => word !== '')),
);

/** The environment variables of a function that sends webhooks. */
export const SenderEnv = {
  KEYRING_SECRET_ARN: nonEmptyString,
  /** Host names that endpoints may have, `*.example.com` for all below one; '' for any public host. */
  WEBHOOK_ALLOWED_HOSTS: words,
  WEBHOOK_ALLOWED_PORTS: words,
  /** Host names of this service, which no endpoint may have. */
  OWN_HOSTS: words,
  /** 'true': `http` to this machine is allowed, as `npm start` needs it. */
  WEBHOOK_ALLOW_LOOPBACK: z.enum(['true', 'false']),
};
export type SenderEnv = z.output<z.ZodMiniObject<typeof SenderEnv>>;
