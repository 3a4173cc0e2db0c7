import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { apiKeyKey, apiKeyRow } from '../../../functions/adapters/dynamodb/api-keys/key-row.ts';
import { API_KEY_USES } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import { documentClient } from '../../../functions/adapters/dynamodb/requests/document-client.ts';
import type { ApiKey } from '../../../functions/domain/api-keys/api-key.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { type NewKey, newKey } from '../../fakes/api-keys.ts';

interface Place {
  readonly dynamodbEndpoint: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** The keys of a stack, in its table. @param place where the stack is now: a restart moves it. */
export function keyRowsOf(place: () => Place) {
  const table = () => place().outputs.TableName;
  const client = () =>
    documentClient(2, 5_000, { endpoint: place().dynamodbEndpoint, region: REGION, credentials: CREDENTIALS });
  const put = async (key: ApiKey) =>
    void (await client().send(new PutCommand({ TableName: table(), Item: apiKeyRow(key) })));
  return {
    put,
    /** Stores a new key. */
    async add(parts: Partial<ApiKey> = {}, secret?: string): Promise<NewKey> {
      const made = newKey(parts, secret);
      await put(made.key);
      return made;
    },
    async revoke(id: string): Promise<void> {
      await client().send(new DeleteCommand({ TableName: table(), Key: apiKeyKey(id) }));
    },
    /** The day of a key's last use: `2026-11-29`; undefined where there was none. */
    async usedOn(id: string): Promise<unknown> {
      const { Item } = await client().send(new GetCommand({ TableName: table(), Key: { pk: API_KEY_USES, sk: id } }));
      return Item?.used_on;
    },
  };
}
