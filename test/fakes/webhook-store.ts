import { type Delivery, deliveryId } from '../../functions/domain/webhooks/delivery.ts';
import type { EndpointState, Recovery, WebhookEndpoint } from '../../functions/domain/webhooks/endpoint.ts';
import type { DeliveryLog, Endpoints, SecretBox, UnannouncedChange } from '../../functions/domain/webhooks/ports.ts';

const NEW_STATE: EndpointState = {
  slots: [],
  failures: 0,
  failingSince: undefined,
  lastSuccess: undefined,
  probeAt: undefined,
  failedProbes: 0,
  parkedAt: undefined,
  checkedTo: '',
  recovery: undefined,
  due: undefined,
};

/** A store of webhook endpoints and deliveries in memory. */
export function webhookStore() {
  const records = new Map<string, WebhookEndpoint>();
  const states = new Map<string, EndpointState>();
  const unannounced: UnannouncedChange[] = [];
  const logs = new Map<string, Delivery[]>();
  /** The ids of events that were erased. */
  const erased = new Set<string>();
  const resends: number[] = [];
  const tests: number[] = [];
  const reads = { deliveries: 0, lists: 0 };
  /** What happens before the next write, such as a write of another call. */
  const interference: ((endpointId: string) => void)[] = [];

  const setState = (id: string, more: Partial<EndpointState>) =>
    states.set(id, { ...NEW_STATE, ...states.get(id), ...more });
  const isCurrent = ({ id, revision }: WebhookEndpoint) => {
    interference.shift()?.(id);
    return records.get(id)?.revision === revision;
  };
  const store = (endpoint: WebhookEndpoint) =>
    records.set(endpoint.id, { ...endpoint, revision: endpoint.revision + 1 });

  const endpoints: Endpoints = {
    list: async () => [...records.values()],
    async get(id) {
      const endpoint = records.get(id);
      return endpoint && { endpoint, state: states.get(id) ?? NEW_STATE };
    },
    async create(endpoint, event) {
      if (records.has(endpoint.id)) return false;
      records.set(endpoint.id, endpoint);
      unannounced.push({ endpointId: endpoint.id, event });
      return true;
    },
    async replace(endpoint, event) {
      if (!isCurrent(endpoint)) return false;
      store(endpoint);
      if (event) unannounced.push({ endpointId: endpoint.id, event });
      return true;
    },
    clearFailures: async (id) => void setState(id, { failures: 0, failingSince: undefined, probeAt: undefined }),
    async delete(endpoint, event) {
      if (!isCurrent(endpoint)) return false;
      records.delete(endpoint.id);
      unannounced.push({ endpointId: endpoint.id, event });
      return true;
    },
    unannounced: async () => [...unannounced],
    async announced({ event }) {
      const at = unannounced.findIndex((one) => one.event.id === event.id);
      if (at >= 0) unannounced.splice(at, 1);
    },
  };

  const log: DeliveryLog = {
    get: async (endpointId, id) => logs.get(endpointId)?.find((one) => one.id === id),
    async list(endpointId, { before = '~', from = '' }, limit) {
      const found = (logs.get(endpointId) ?? [])
        .filter(({ id }) => id < before && id >= from)
        .toSorted((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, limit);
      reads.lists++;
      reads.deliveries += found.length;
      return found;
    },
    async resend(endpointId, { id, status, nextAttempt }, now) {
      interference.shift()?.(endpointId);
      const all = logs.get(endpointId) ?? [];
      const at = all.findIndex((one) => one.id === id && one.status === status && one.nextAttempt === nextAttempt);
      const found = all[at];
      if (!found) return false;
      all[at] = { ...found, status: 'pending', cancelReason: undefined, attemptCount: 0, nextAttempt: now };
      return true;
    },
    async countResend(_, max, now) {
      if (resends.filter((at) => Math.floor(at / 60_000) === Math.floor(now / 60_000)).length >= max) return false;
      resends.push(now);
      return true;
    },
    async countTest(_, intervalMs, now) {
      if (tests.some((at) => at > now - intervalMs)) return false;
      tests.push(now);
      return true;
    },
    async recover(id, recovery: Recovery, now) {
      if (states.get(id)?.recovery) return false;
      setState(id, { recovery, due: now });
      return true;
    },
    existing: async (events) => new Set(events.map(({ eventId }) => eventId).filter((id) => !erased.has(id))),
  };

  return {
    endpoints,
    log,
    records,
    unannounced,
    erased,
    reads,
    interference,
    setState,
    /** Changes the record, as another call does. */
    touch: (id: string, more: Partial<WebhookEndpoint>) => {
      const endpoint = records.get(id);
      if (endpoint) store({ ...endpoint, ...more });
    },
    deliveries: (endpointId: string, all: readonly Delivery[]) => void logs.set(endpointId, [...all]),
    deliveryOf: (endpointId: string, id: string) => logs.get(endpointId)?.find((one) => one.id === id),
  };
}

/** A box that encrypts nothing, and opens what was sealed for the endpoint and the version alone. */
export const openBox: SecretBox = {
  seal: async (secret, endpointId, version) => `${endpointId} ${version} ${secret}`,
  async open(sealed, endpointId, version) {
    const start = `${endpointId} ${version} `;
    if (!sealed.startsWith(start)) throw new Error('sealed for another endpoint or version');
    return sealed.slice(start.length);
  },
  isCurrent: async () => true,
};

/** A delivery whose event was at a time. @param n distinguishes events. */
export function deliveryAt(at: number, n: number, more: Partial<Delivery> = {}): Delivery {
  const eventId = `evt_${String(n).padStart(22, '0')}`;
  return {
    id: deliveryId({ eventId, at }),
    eventId,
    type: 'group.updated',
    resultId: '11111111-1111-4111-8111-111111111111',
    version: 1,
    at,
    status: 'delivered',
    cancelReason: undefined,
    attempts: [],
    attemptCount: 1,
    retriesSince: at,
    nextAttempt: undefined,
    due: undefined,
    ...more,
  };
}
