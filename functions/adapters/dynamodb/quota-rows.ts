import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Quota } from '../../domain/read/quota.ts';
import { QUOTA, quotaKey, rowBase, SCHEMA } from './layout/keys.ts';
import { conditionalWrites } from './requests/conditional-writes.ts';

const QuotaRow = z.object({ ...rowBase, ids_taken: z.number() });

/** The length of a window, by kind. Windows do not overlap, and a caller has the whole quota at the start of each. */
const WINDOW_MS = { read: 60_000, follow: 86_400_000 } as const;

export interface QuotaOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** Each kind has its own counter. */
  readonly kind: keyof typeof WINDOW_MS;
  /** The quota of one window. */
  readonly max: number;
  readonly now: () => number;
  /** Receives the error if a count cannot be written. */
  readonly onFault: (error: unknown) => void;
  /** The time that a count may take from a caller, ms. */
  readonly countTimeoutMs?: number;
}

/** Quotas by caller. Each caller and window has one row, which DynamoDB deletes after the window. */
export function quotas({ client, table, kind, max, now, onFault, countTimeoutMs = 500 }: QuotaOptions) {
  const windowMs = WINDOW_MS[kind];
  const writes = conditionalWrites(client, table);
  /**
   * @param who the token's subject. It can be an e-mail address, so the row's key holds only its hash, as a pseudonym.
   */
  return (who: string): Quota => {
    const keyOf = (nth: number) => {
      const hash = createHash('sha256').update(who).digest('base64url');
      return { pk: quotaKey(`${hash}#${kind}#${nth}`), sk: QUOTA };
    };
    const nthWindow = () => Math.floor(now() / windowMs);
    return {
      async remaining() {
        const Key = keyOf(nthWindow());
        const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
        return Math.max(0, max - (Item ? QuotaRow.parse(Item).ids_taken : 0));
      },

      async count(n) {
        if (n === 0) return;
        const nth = nthWindow();
        const set = { v: SCHEMA, expires: ((nth + 1) * windowMs) / 1000 };
        const counted = writes.add(keyOf(nth), { set, add: { ids_taken: n } }, AbortSignal.timeout(countTimeoutMs));
        await counted.catch(onFault);
      },
    };
  };
}
