import { createHash } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Allowance } from '../domain/ports.ts';
import { conditionalWrites } from './conditional-writes.ts';
import { ALLOWANCE, allowanceKey, SCHEMA } from './keys.ts';

/** ms, by what it is for; windows follow each other, and a caller begins each with the whole allowance. */
const WINDOW = { read: 60_000, follow: 86_400_000 } as const;

interface Place {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

export interface AllowanceOptions extends Place {
  /** What it is for, each with an allowance of its own. */
  readonly kind: keyof typeof WINDOW;
  /** Ids, at most, within a window. */
  readonly most: number;
  readonly now: () => number;
}

/** ms that giving back may take, of a reader's time. */
const GIVING_BACK = 500;

/** Allowances by caller: a row for each that took something in a window, deleted after it. One conditional write takes. */
export function allowances({ client, table, kind, most, now }: AllowanceOptions) {
  const window = WINDOW[kind];
  const writes = conditionalWrites(client, table);
  /** @param who the token's subject, of which the row has a hash, as a pseudonym: it may be an address. */
  return (who: string): Allowance => ({
    async take(ids) {
      if (ids > most) return undefined;
      const nth = Math.floor(now() / window);
      const hash = createHash('sha256').update(who).digest('base64url');
      const pk = allowanceKey(`${hash}#${kind}#${nth}`);
      const isTaken = await writes.add(
        { pk, sk: ALLOWANCE },
        { set: { v: SCHEMA, expires: ((nth + 1) * window) / 1000 }, add: { ids_taken: ids } },
        { when: 'attribute_not_exists(pk) OR ids_taken <= :room', values: { ':room': most - ids } },
      );
      return isTaken ? pk : undefined;
    },
    giveBack: giveBackTo({ client, table }),
  });
}

/** What can't be given back, or not soon, is there again with the next window: that is no reason to fail, or to keep anybody waiting. */
export const giveBackTo =
  ({ client, table }: Place): Allowance['giveBack'] =>
  async (from, ids) => {
    if (ids === 0) return;
    const back = conditionalWrites(client, table).add(
      { pk: from, sk: ALLOWANCE },
      { add: { ids_taken: -ids } },
      { when: 'ids_taken >= :ids', values: { ':ids': ids } },
      AbortSignal.timeout(GIVING_BACK),
    );
    await back.catch(() => {});
  };
