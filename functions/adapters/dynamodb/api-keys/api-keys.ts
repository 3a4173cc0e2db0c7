import * as z from 'zod/mini';
import type { ApiKeys } from '../../../domain/api-keys/ports.ts';
import { API_KEY_USES, API_KEYS, isGone, rowBase } from '../layout/keys.ts';
import { atRevision, conditionalWrites, NEW } from '../requests/conditional-writes.ts';
import { partition } from '../requests/partition.ts';
import type { Place } from '../requests/place.ts';
import { readKey } from './key-reader.ts';
import { apiKeyKey, apiKeyOf, apiKeyRow } from './key-row.ts';

const Expiring = z.object({ expires: z.number() });
const UseRow = z.object({ ...rowBase, used_on: z.string() });

interface ApiKeysOptions extends Place {
  /** ms since the epoch. A row past its expiry is not listed, although DynamoDB deletes it later. */
  readonly now: () => number;
}

/** The store of API keys, for the routes that manage them. */
export function apiKeys(options: ApiKeysOptions): ApiKeys {
  const { client, table, now } = options;
  const writes = conditionalWrites(client, table);
  return {
    async list() {
      const [keys, uses] = await Promise.all([
        partition(options, API_KEYS, { isConsistent: true }),
        partition(options, API_KEY_USES, { isConsistent: true }),
      ]);
      const days = new Map(uses.map((use) => UseRow.parse(use)).map(({ sk, used_on }) => [sk, used_on]));
      const listed = keys.filter((row) => !isGone(Expiring.parse(row), now()));
      return listed.map(apiKeyOf).map((key) => ({ key, lastUsedOn: days.get(key.id) }));
    },

    get: (id) => readKey(options, id),

    create: (key) => writes.put(apiKeyRow(key), NEW),

    replace: (key) => writes.put(apiKeyRow({ ...key, revision: key.revision + 1 }), atRevision(key.revision)),

    delete: (id) => writes.delete(apiKeyKey(id), { when: 'attribute_exists(pk)' }),
  };
}
