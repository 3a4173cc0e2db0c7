import * as z from 'zod/mini';
import type { EndpointState, Slot } from '../../../domain/webhooks/endpoint.ts';
import { ENDPOINT_STATE, rowBase, SCHEMA, WEBHOOKS_SHARD, webhookKey } from '../layout/keys.ts';

const StateRow = z.looseObject({
  ...rowBase,
  due: z.optional(z.number()),
  failures: z._default(z.number(), 0),
  failing_since: z.optional(z.number()),
  last_success: z.optional(z.number()),
  probe_at: z.optional(z.number()),
  failed_probes: z._default(z.number(), 0),
  parked_at: z.optional(z.number()),
  checked_to: z.string(),
  recovery: z.optional(z.object({ since: z.number(), until: z.number(), after: z.optional(z.string()) })),
});

/** The attributes of a slot: who holds it, until when, and the id of the write that took it. Conditions name them. */
export const slotBy = (number: number): string => `slot_${number}_by`;
export const slotUntil = (number: number): string => `slot_${number}_until`;
export const slotWrite = (number: number): string => `slot_${number}_write`;
const SLOT_BY = /^slot_(\d+)_by$/;
/** The names of all attributes of slots. */
export const SLOT = /^slot_\d+_(by|until|write)$/;
const SlotBy = z.string();
const SlotUntil = z.number();

/** What failed attempts leave in a state. */
export const FAILURES: readonly string[] = ['failures', 'failing_since', 'probe_at', 'failed_probes'];

export const stateKey = (endpointId: string) => ({ pk: webhookKey(endpointId), sk: ENDPOINT_STATE });

/** The state of a new endpoint. @param checkedTo a bound before its first delivery. @param due ms since the epoch. */
export const newStateRow = (endpointId: string, checkedTo: string, due: number) => ({
  ...stateKey(endpointId),
  v: SCHEMA,
  checked_to: checkedTo,
  ...dueForUpkeep(due),
});

export const dueForUpkeep = (due: number) => ({ due, due_shard: WEBHOOKS_SHARD });

export function stateOf(item: unknown): EndpointState {
  const row = StateRow.parse(item);
  const slots: (Slot | undefined)[] = [];
  for (const [name, by] of Object.entries(row)) {
    const number = SLOT_BY.exec(name)?.[1];
    if (number === undefined) continue;
    slots[Number(number)] = { deliveryId: SlotBy.parse(by), until: SlotUntil.parse(row[slotUntil(Number(number))]) };
  }
  const { recovery } = row;
  return {
    slots: Array.from(slots),
    failures: row.failures,
    failingSince: row.failing_since,
    lastSuccess: row.last_success,
    probeAt: row.probe_at,
    failedProbes: row.failed_probes,
    parkedAt: row.parked_at,
    checkedTo: row.checked_to,
    recovery: recovery && { since: recovery.since, until: recovery.until, after: recovery.after },
    due: row.due,
  };
}
