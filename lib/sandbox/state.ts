import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { queuedFaultSchema } from './faults/queued-fault.ts';

/** Whether a webhook arrives once, never or twice. */
export const deliverySchema = z.enum(['on', 'lost', 'doubled']);

const lifeSchema = z.object({
  startedAt: z.number(),
  script: z.array(z.object({ after: z.number(), status: z.string() })),
});

/** A group that was set through the control API. Each text is JSON source text. */
const storedGroupSchema = z.object({
  overallStatus: z.string().optional(),
  total: z.string().optional(),
  items: z.array(z.string()),
  signLinks: z.boolean(),
});

const limitsSchema = z.object({ limit: z.number().nullable(), windowSeconds: z.number(), announce: z.boolean() });

const webhooksSchema = z.object({ delivery: deliverySchema, delayMs: z.number(), leadMs: z.number().default(0) });

const stateSchema = z.object({
  schema: z.literal(1),
  /** The start of the fixtures' life cycles, in milliseconds since the epoch. */
  epoch: z.number(),
  /** HS256 key, base64url. It is stored, so that tokens stay valid after a restart. */
  jwtSecret: z.string(),
  /** The user's one live session, and the `jti` of its one valid refresh token. */
  session: z.object({ id: z.string(), refreshId: z.string() }).nullable(),
  /** Life cycles that a retry or an edit started: result_id → verification id → life cycle. */
  lives: z.record(z.string(), z.record(z.string(), lifeSchema)),
  /** Groups set through the control API; null: a removed group or fixture. */
  groups: z.record(z.string(), storedGroupSchema.nullable()),
  faults: z.array(queuedFaultSchema),
  limits: limitsSchema,
  webhooks: webhooksSchema.default(() => DEFAULT_WEBHOOKS),
});

type SandboxState = z.infer<typeof stateSchema>;
export type SandboxGroup = z.infer<typeof storedGroupSchema>;
export type Limits = z.infer<typeof limitsSchema>;
type WebhookState = z.infer<typeof webhooksSchema>;

/** A high limit: 600 calls a minute, announced in headers. */
export const DEFAULT_LIMITS: Limits = { limit: 600, windowSeconds: 60, announce: true };

export const DEFAULT_WEBHOOKS: WebhookState = { delivery: 'on', delayMs: 0, leadMs: 0 };

export interface StateStore {
  data: SandboxState;
  /** Writes the state to its file atomically before it returns. Without a file it does nothing. */
  save(): void;
}

/** The state file exists but is unusable. The message names the file and the remedy. */
class SandboxStateError extends Error {
  readonly code = 'SANDBOX_STATE_UNREADABLE';
}

/**
 * Reads the state from its file, or creates it with `now` (milliseconds since the epoch).
 * @throws SandboxStateError.
 */
export function openState(file: string | undefined, now: number): StateStore {
  const data = (file === undefined ? undefined : readState(file)) ?? firstState(now);
  const store: StateStore = {
    data,
    save() {
      if (file === undefined) return;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify(store.data), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
  store.save();
  return store;
}

function firstState(now: number): SandboxState {
  const jwtSecret = randomBytes(32).toString('base64url');
  const settings = { limits: DEFAULT_LIMITS, webhooks: DEFAULT_WEBHOOKS };
  return { schema: 1, epoch: now, jwtSecret, session: null, lives: {}, groups: {}, faults: [], ...settings };
}

function readState(file: string): SandboxState | undefined {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new SandboxStateError(`The sandbox's state file ${file} can't be read. Delete it to start anew.`, { cause });
  }
}
