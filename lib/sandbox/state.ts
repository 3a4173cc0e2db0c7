import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { queuedFaultSchema } from './faults/queued-fault.ts';

/** What becomes of a webhook: it arrives once, never, or twice. */
export const deliverySchema = z.enum(['on', 'lost', 'doubled']);

const lifeSchema = z.object({
  startedAt: z.number(),
  script: z.array(z.object({ after: z.number(), status: z.string() })),
});

/** A group that was set through the control API; every text in it is JSON source. */
const storedGroupSchema = z.object({
  overallStatus: z.string().optional(),
  total: z.string().optional(),
  items: z.array(z.string()),
  signLinks: z.boolean(),
});

const limitsSchema = z.object({ limit: z.number().nullable(), windowSeconds: z.number(), announce: z.boolean() });

const webhooksSchema = z.object({ delivery: deliverySchema, delayMs: z.number() });

const stateSchema = z.object({
  schema: z.literal(1),
  /** When the fixtures' life cycles began, epoch milliseconds. */
  epoch: z.number(),
  /** HS256 key, base64url; kept so that tokens outlive a restart. */
  jwtSecret: z.string(),
  /** The user's one live session, and the one refresh token that it still takes. */
  session: z.object({ id: z.string(), refreshId: z.string() }).nullable(),
  /** Lives begun by a retry or an edit: result_id → verification id → life. */
  lives: z.record(z.string(), z.record(z.string(), lifeSchema)),
  /** Groups set through the control API; null = taken away, a fixture too. */
  groups: z.record(z.string(), storedGroupSchema.nullable()),
  faults: z.array(queuedFaultSchema),
  limits: limitsSchema,
  webhooks: webhooksSchema.default(() => DEFAULT_WEBHOOKS),
});

type SandboxState = z.infer<typeof stateSchema>;
export type StoredGroup = z.infer<typeof storedGroupSchema>;
export type Limits = z.infer<typeof limitsSchema>;
type WebhookState = z.infer<typeof webhooksSchema>;

/** Generous: 600 calls a minute, announced in headers. */
export const DEFAULT_LIMITS: Limits = { limit: 600, windowSeconds: 60, announce: true };

export const DEFAULT_WEBHOOKS: WebhookState = { delivery: 'on', delayMs: 0 };

export interface StateStore {
  data: SandboxState;
  /** Writes the state to its file, whole or not at all, before it returns. Nothing to do without a file. */
  save(): void;
}

/** The state file is there but can't be used. The message says which and what to do. */
class SandboxStateError extends Error {
  readonly code = 'SANDBOX_STATE_UNREADABLE';
}

/** Opens the state, from its file where there is one; a first start begins at `now` (epoch milliseconds). */
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
