import { type AttributeValue, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

type Item = Readonly<Record<string, AttributeValue>>;
type Resolving = QueryCommand['resolveMiddleware'];

/**
 * A query whose middlewares the SDK assembles once for each client, as with the SDK's `cacheMiddleware`. That setting would
 * break the commands of the document client, which each need their own.
 */
class PreparedQuery extends QueryCommand {
  static readonly #handlers = new WeakMap<object, ReturnType<Resolving>>();

  override resolveMiddleware(...[stack, configuration, options]: Parameters<Resolving>): ReturnType<Resolving> {
    const known = PreparedQuery.#handlers.get(stack);
    const handler = known ?? super.resolveMiddleware(stack, configuration, options);
    if (!known) PreparedQuery.#handlers.set(stack, handler);
    return handler;
  }
}

/**
 * Sends one query below the document client, which would assemble its middlewares anew and convert each attribute twice.
 * @returns the items of the first page, as `plainItem` converts them.
 */
export async function query(
  client: DynamoDBDocumentClient,
  input: QueryCommandInput,
): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await client.send(new PreparedQuery(input));
  return Items.map(plainItem);
}

/** Returns an item as plain values. A set becomes undefined: no row that is read this way has one. */
const plainItem = (item: Item): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));

function plain({ S, N, BOOL, B, NULL, L, M }: AttributeValue): unknown {
  if (S !== undefined) return S;
  if (N !== undefined) return Number(N);
  if (BOOL !== undefined) return BOOL;
  if (B !== undefined) return B;
  if (NULL) return null;
  return M ? plainItem(M) : L?.map(plain);
}
