import * as z from 'zod';
import { HOST_NAME } from './domain-settings.ts';
import { flag, fromCommas, fromText } from './from-text.ts';

const host = 'must be a host name in lower case, such as hooks.example.com or *.example.com';
const hosts = z
  .array(z.string(host).refine((name) => HOST_NAME.test(name.replace(/^\*\./, '')), host))
  .min(1, 'must not be empty')
  .max(100, 'must have at most 100 entries');

const port = 'must be a port number from 1 to 65535';
const ports = z
  .array(z.int(port).min(1, port).max(65_535, port), port)
  .min(1, 'must not be empty')
  .max(20, 'must have at most 20 entries');

const concurrency = 'must be a whole number from 4 to 100';

/** Outgoing webhooks: which endpoints the service delivers events to, and how many at once. */
export const webhookSettings = {
  webhook_allowed_hosts: z
    .preprocess(fromCommas, hosts)
    .optional()
    .describe(
      'The host names that webhook endpoints may have. Set it if only hosts of your company may receive events. Deliveries to an endpoint that is no longer allowed fail.',
    ),
  webhook_allowed_ports: z
    .preprocess(fromCommas, ports)
    .default([443])
    .describe('The ports that webhook endpoints may have. A list without 443 excludes 443.'),
  delivery_concurrency: z
    .preprocess(fromText, z.int(concurrency).min(4, concurrency).max(100, concurrency))
    .default(10)
    .describe(
      "Deliveries at once. One endpoint gets a quarter of them at most, rounded down. Raise it if webhooks are late although their endpoints answer. It counts against the [account's limit](deploy.md#concurrency).",
    ),
  webhook_allow_loopback: flag
    .default(false)
    .describe('Whether endpoints may be `http` addresses of this machine. The local run sets it.'),
};
