import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { UNUSED } from '../../domain/upstream/budget.ts';
import type { BudgetStore, Cleared } from '../../domain/upstream/budget-store.ts';
import { budgetOf } from './layout/budget-row.ts';
import { BUDGET, SCHEMA } from './layout/keys.ts';
import { holds } from './requests/conditional-writes.ts';
import { type AttributeChanges, updateExpression } from './requests/update-expression.ts';

export const BUDGET_KEY = { pk: BUDGET, sk: 'head#budget' };

interface BudgetChange extends Partial<AttributeChanges> {
  /** A ConditionExpression. It refers to attributes and to `values`. */
  readonly when?: string;
  readonly values?: Readonly<Record<string, number | string>>;
}

/**
 * The condition under which a slot can be acquired: the circuit is closed, calls are not paused, the credentials are
 * not refused.
 */
const CAN_ACQUIRE =
  'attribute_not_exists(probe_at) AND (attribute_not_exists(held_until) OR held_until <= :now) ' +
  'AND (attribute_not_exists(refused) OR refused <> :credentials)';

const IN_BURST = 'burst_at > :since';
const NO_BURST = '(attribute_not_exists(burst_at) OR burst_at <= :since)';

const ATTRIBUTES = {
  // Earlier builds wrote `failing_group` and `fails_others`.
  failures: ['failures', 'failing_since', 'failing_groups', 'failing_reason', 'failing_group', 'fails_others'],
  circuit: ['probe_at'],
  refusals: ['refusals'],
  credentials: ['refused', 'refused_until', 'refused_for'],
} as const satisfies Record<Cleared, readonly string[]>;

/**
 * Reads the budget only. Functions that never write it use this reader, so that the writes stay out of their bundles.
 */
export const budgetReader = (client: DynamoDBDocumentClient, table: string): Pick<BudgetStore, 'read'> => ({
  async read() {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: BUDGET_KEY, ConsistentRead: true }));
    return budgetOf(Item);
  },
});

/** The budget row, which all function instances share: slots, announced limit, pauses, circuit, refused credentials. */
export function budgetRow(client: DynamoDBDocumentClient, table: string): BudgetStore {
  const reader = budgetReader(client, table);
  let known = UNUSED;

  /** @returns false if the condition does not hold. */
  const write = ({ set = {}, when, values, ...change }: BudgetChange): Promise<boolean> => {
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
  };
  const always = async (change: Partial<AttributeChanges>): Promise<void> => void (await write(change));

  return {
    get known() {
      return known;
    },
    async read() {
      known = await reader.read();
      return known;
    },

    acquireProbe: (now, next) => write({ set: { probe_at: next }, when: 'probe_at <= :now', values: { ':now': now } }),
    acquireTrial: (now, next) =>
      write({ set: { refused_until: next }, when: 'refused_until <= :now', values: { ':now': now } }),
    acquireSlot({ of, interval, floor, horizon, isBurst, burstSince, isEarly }, credentials, now) {
      const name = `taken_${of}`;
      const isReaders = of === 'reader';
      const isOpen = isReaders ? `${CAN_ACQUIRE} AND ${isBurst ? IN_BURST : NO_BURST}` : CAN_ACQUIRE;
      const values = {
        ':now': now,
        ':credentials': credentials,
        ':floor': floor,
        ...(isReaders && { ':since': burstSince }),
      };
      const set = { burst_at: isEarly ? now : undefined };
      return known.takenUntil[of] <= floor
        ? write({
            set: { ...set, [name]: floor + interval },
            when: `(attribute_not_exists(${name}) OR ${name} <= :floor) AND ${isOpen}`,
            values,
          })
        : write({
            set,
            add: { [name]: interval },
            when: `${name} > :floor AND ${name} <= :horizon AND ${isOpen}`,
            values: { ...values, ':horizon': horizon },
          });
    },

    setLimit: ({ calls, window, since, reset }) =>
      always({
        set: { limit_calls: calls, limit_window: window, limit_since: since, limit_reset: reset },
        remove: reset === undefined ? ['limit_reset'] : [],
      }),
    slowDown: (slowdown, now) => always({ set: { slowdown, slowed_at: now } }),
    countRefusal: () => always({ add: { refusals: 1 } }),
    pauseUntil: (until) =>
      write({
        set: { held_until: until },
        when: 'attribute_not_exists(held_until) OR held_until < :until',
        values: { ':until': until },
      }),
    refuseCredentials: (credentials, until, span) =>
      always({ set: { refused: credentials, refused_until: until, refused_for: span } }),

    countFailure: ({ group, reason, now }) =>
      always({
        set: { failing_reason: reason },
        setFirst: { failing_since: now },
        add: { failures: 1, ...(group !== undefined && { failing_groups: new Set([group]) }) },
      }),
    openCircuit: (probeAt) => write({ set: { probe_at: probeAt }, when: 'attribute_not_exists(probe_at)' }),
    clear: (what) => always({ remove: what.flatMap((one) => ATTRIBUTES[one]) }),
  };
}
