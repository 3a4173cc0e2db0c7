import * as z from 'zod';
import { faultPagesSchema, faultRouteSchema } from '../faults/queued-fault.ts';
import { DEFAULT_LIMITS, DEFAULT_WEBHOOKS, deliverySchema } from '../state.ts';

/** A fault as one asks for it. What is not named here are the kind's own parameters. */
export const faultRequestSchema = z.looseObject({
  kind: z.string(),
  /** Calls to hit. */
  times: z.int().min(1).default(1),
  /** Matching calls to let pass first. */
  after: z.int().min(0).default(0),
  route: faultRouteSchema.default('list'),
  /** Default: what makes sense for the kind. */
  pages: faultPagesSchema.optional(),
  result_id: z.string().optional(),
  /** Milliseconds to wait before the answer. */
  delay_ms: z.int().min(0).optional(),
});
export type FaultRequest = z.input<typeof faultRequestSchema>;

/** The rate limit as one asks for it: calls in a window, null for none; what is left out takes its default. */
export const limitsRequestSchema = z.strictObject({
  limit: z.int().min(0).nullable().default(DEFAULT_LIMITS.limit),
  window_seconds: z.int().min(1).default(DEFAULT_LIMITS.windowSeconds),
  /** Whether the `X-RateLimit-*` headers are sent. */
  announce: z.boolean().default(DEFAULT_LIMITS.announce),
});
export type LimitsRequest = z.input<typeof limitsRequestSchema>;

/** What becomes of webhooks from now on, as one asks for it; what is left out takes its default. */
export const webhooksRequestSchema = z.strictObject({
  delivery: deliverySchema.default(DEFAULT_WEBHOOKS.delivery),
  /** Milliseconds, at most a day. One sent with a delay is overtaken by those that are sent without one after it. */
  delay_ms: z.int().min(0).max(86_400_000).default(DEFAULT_WEBHOOKS.delayMs),
});
export type WebhooksRequest = z.input<typeof webhooksRequestSchema>;
