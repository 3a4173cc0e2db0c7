import { inject } from 'vitest';
import * as z from 'zod';
import type { LocalUser } from '../../../lib/local/issuer/users.ts';
import { type Calls, callsOf } from './calls.ts';
import type { Order } from './provided.ts';

const CallLog = z.object({ calls: z.array(z.looseObject({ path: z.string() })) });
const Outcome = z.looseObject({ ok: z.boolean() });

/**
 * The service that files share while they run side by side. Each keeps to groups and users of its own; one that restarts it,
 * breaks it, or puts the fleet at odds with AnyCheck starts its own: `running.ts`.
 */
export interface Shared extends Calls {
  readonly stack: ReturnType<typeof place>;
  /** Sets a group at AnyCheck, verbatim. */
  setGroup(resultId: string, source: string): Promise<void>;
  /** How many calls AnyCheck got about these groups. */
  callsAbout(...resultIds: string[]): Promise<number>;
  addUser(user: LocalUser): Promise<void>;
  /** Invokes a function past the gateway. */
  invoke(logicalId: string, event: unknown): Promise<z.infer<typeof Outcome>>;
}

const place = () => inject('shared');

export async function joinShared(): Promise<Shared> {
  const stack = place();
  const order = async (one: Order) =>
    (await succeeded(stack.ordersUrl, { method: 'POST', body: JSON.stringify(one) })).text();
  return {
    ...(await callsOf(() => stack)),
    stack,
    async setGroup(resultId, source) {
      await succeeded(`${stack.sandboxUrl}/_sandbox/groups/${resultId}`, { method: 'PUT', body: source });
    },
    async callsAbout(...resultIds) {
      const { calls } = CallLog.parse(await (await succeeded(`${stack.sandboxUrl}/_sandbox/calls`)).json());
      return calls.filter(({ path }) => resultIds.some((id) => path.toLowerCase().includes(id))).length;
    },
    async addUser(user) {
      await order({ user: { ...user, groups: [...(user.groups ?? [])] } });
    },
    invoke: async (invoke, event) => Outcome.parse(JSON.parse(await order({ invoke, event }))),
  };
}

async function succeeded(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response;
}
