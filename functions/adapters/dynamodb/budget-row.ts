import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type Budget, TRY_AGAIN, UNUSED } from '../../domain/upstream/budget.ts';
import { BUDGET, SCHEMA } from './layout/keys.ts';
import { holds } from './requests/conditional-writes.ts';
import { type Change, updateExpression } from './requests/update-expression.ts';

export const BUDGET_KEY = { pk: BUDGET, sk: 'head#budget' };

const Row = z.object({
  taken_reader: z._default(z.number(), 0),
  taken_worker: z._default(z.number(), 0),
  limit_calls: z.optional(z.number()),
  limit_window: z._default(z.number(), 1),
  limit_reset: z.optional(z.number()),
  limit_since: z._default(z.number(), 0),
  slowdown: z._default(z.number(), 1),
  slowed_at: z._default(z.number(), 0),
  refusals: z._default(z.number(), 0),
  failures: z._default(z.number(), 0),
  failing_since: z._default(z.number(), 0),
  failing_group: z.optional(z.string()),
  fails_others: z._default(z.number(), 0),
  held_until: z._default(z.number(), 0),
  probe_at: z.optional(z.number()),
  refused: z.optional(z.string()),
  refused_until: z._default(z.number(), 0),
  refused_for: z._default(z.number(), TRY_AGAIN.login),
});

interface BudgetChange extends Partial<Change> {
  /** A ConditionExpression over attributes, and over its own values. */
  readonly when?: string;
  readonly values?: Readonly<Record<string, number | string>>;
}

/** The row that the whole fleet shares: how it stands with AnyCheck. */
export interface BudgetRow {
  /** As last read or written here; somebody else may have been there since. */
  readonly known: Budget;
  read(): Promise<Budget>;
  /** False where the condition doesn't hold: somebody else was there first. */
  write(change: BudgetChange): Promise<boolean>;
}

export function budgetRow(client: DynamoDBDocumentClient, table: string): BudgetRow {
  let known = UNUSED;
  return {
    get known() {
      return known;
    },
    async read() {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: BUDGET_KEY, ConsistentRead: true }));
      known = budgetOf(Item);
      return known;
    },
    write({ set = {}, when, values, ...change }) {
      const update = updateExpression({ ...change, set: { ...set, v: SCHEMA } });
      const written = client.send(
        new UpdateCommand({
          TableName: table,
          Key: BUDGET_KEY,
          UpdateExpression: update.UpdateExpression,
          ExpressionAttributeNames: update.names,
          ...(when && { ConditionExpression: when }),
          ExpressionAttributeValues: { ...values, ...update.values },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return holds(
        written.then(({ Attributes }) => {
          known = budgetOf(Attributes);
        }),
      );
    },
  };
}

function budgetOf(item: unknown): Budget {
  const row = Row.parse(item ?? {});
  return {
    taken: { reader: row.taken_reader, worker: row.taken_worker },
    limit:
      row.limit_calls === undefined
        ? undefined
        : { calls: row.limit_calls, window: row.limit_window, reset: row.limit_reset, since: row.limit_since },
    slowdown: row.slowdown,
    slowedAt: row.slowed_at,
    refusals: row.refusals,
    failures: row.failures,
    failingSince: row.failing_since,
    failingGroup: row.failing_group,
    failsOthers: row.fails_others > 0,
    heldUntil: row.held_until,
    probeAt: row.probe_at,
    refused: row.refused,
    refusedUntil: row.refused_until,
    refusedFor: row.refused_for,
  };
}
