import { type ApiKey, DAY_MS } from '../../functions/domain/api-keys/api-key.ts';
import { hashOf } from '../../functions/domain/api-keys/check-key.ts';
import type { ApiKeys } from '../../functions/domain/api-keys/ports.ts';

const CREATED_AT = 1_800_000_000_000;

/** A key of 90 days, as it is stored. */
export const apiKey = (more: Partial<ApiKey> = {}): ApiKey => ({
  id: '8f14e45fceea167a',
  name: 'loan-origination',
  role: 'viewer',
  createdBy: 'siti',
  createdAt: CREATED_AT,
  rotated: undefined,
  expiresAt: CREATED_AT + 90 * DAY_MS,
  lifetimeDays: 90,
  secrets: [{ hash: hashOf('5'.repeat(64)), until: undefined }],
  revision: 1,
  ...more,
});

/** A store of keys in memory. Before each write, it runs the next function of `interference`. */
export function keyStore() {
  const records = new Map<string, ApiKey>();
  const usedOn = new Map<string, string>();
  const interference: (() => unknown)[] = [];
  const keys: ApiKeys = {
    list: async () => [...records.values()].map((key) => ({ key, lastUsedOn: usedOn.get(key.id) })),
    get: async (id) => records.get(id),
    async create(key) {
      if (records.has(key.id)) return false;
      records.set(key.id, key);
      return true;
    },
    async replace(key) {
      interference.shift()?.();
      if (records.get(key.id)?.revision !== key.revision) return false;
      records.set(key.id, { ...key, revision: key.revision + 1 });
      return true;
    },
    async delete(id) {
      interference.shift()?.();
      return records.delete(id);
    },
  };
  return { keys, records, usedOn, interference };
}
