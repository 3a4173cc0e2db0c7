import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { ApiKey } from '../../../domain/api-keys/api-key.ts';
import type { KeyReader } from '../../../domain/api-keys/ports.ts';
import { API_KEY_USES, expiryAfter, SCHEMA } from '../layout/keys.ts';
import { conditionalWrites } from '../requests/conditional-writes.ts';
import type { Place } from '../requests/place.ts';
import { apiKeyKey, apiKeyOf } from './key-row.ts';

/** Days for which the day of a last use stays: longer than a key lives. */
const USE_DAYS = 400;

/** Reads a key, strongly consistently. */
export async function readKey({ client, table }: Place, id: string): Promise<ApiKey | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: apiKeyKey(id), ConsistentRead: true }));
  return Item && apiKeyOf(Item);
}

/** The keys, for the functions that check a caller's. */
export function keyReader(place: Place): KeyReader {
  const writes = conditionalWrites(place.client, place.table);
  return {
    find: (id) => readKey(place, id),

    async used(id, now) {
      const day = new Date(now).toISOString().slice(0, 10);
      const set = { v: SCHEMA, used_on: day, expires: expiryAfter(now, USE_DAYS) };
      await writes.update(
        { pk: API_KEY_USES, sk: id },
        { set },
        { when: 'attribute_not_exists(used_on) OR used_on < :day', values: { ':day': day } },
      );
    },
  };
}
