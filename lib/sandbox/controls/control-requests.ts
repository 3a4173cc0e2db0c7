import * as z from 'zod';
import { faultPagesSchema, faultRouteSchema } from '../faults/queued-fault.ts';
import { DEFAULT_LIMITS, DEFAULT_WEBHOOKS, deliverySchema } from '../state.ts';

/** A request to queue a fault. Other members are the parameters of the kind. */
export const faultRequestSchema = z.looseObject({
  kind: z.string(),
  /** The number of calls to hit. */
  times: z.int().min(1).default(1),
  /** The number of matching calls to skip first. */
  after: z.int().min(0).default(0),
  route: faultRouteSchema.default('list'),
  /** Default: depends on the kind. */
  pages: faultPagesSchema.optional(),
  result_id: z.string().optional(),
  /** Milliseconds to wait before the answer. */
  delay_ms: z.int().min(0).optional(),
});
export type FaultRequest = z.input<typeof faultRequestSchema>;

/** A request to set the rate limit: calls per window, null for none. Omitted members get their default. */
export const limitsRequestSchema = z.strictObject({
  limit: z.int().min(0).nullable().default(DEFAULT_LIMITS.limit),
  window_seconds: z.int().min(1).default(DEFAULT_LIMITS.windowSeconds),
  /** Whether the `X-RateLimit-*` headers are sent. */
  announce: z.boolean().default(DEFAULT_LIMITS.announce),
});
export type LimitsRequest = z.input<typeof limitsRequestSchema>;

/** A request to set how webhooks are delivered from now on. Omitted members get their default. */
export const webhooksRequestSchema = z.strictObject({
  delivery: deliverySchema.default(DEFAULT_WEBHOOKS.delivery),
  /** Milliseconds, at most a day. A later webhook without a delay overtakes a delayed one. */
  delay_ms: z.int().min(0).max(86_400_000).default(DEFAULT_WEBHOOKS.delayMs),
  /** Milliseconds, at most a day, after which the list shows a change. Its webhook does not wait for that. */
  lead_ms: z.int().min(0).max(86_400_000).default(DEFAULT_WEBHOOKS.leadMs),
});
export type WebhooksRequest = z.input<typeof webhooksRequestSchema>;
