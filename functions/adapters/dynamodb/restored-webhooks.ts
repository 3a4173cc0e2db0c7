import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { DELIVERIES, ENDPOINT_STATE, isGone, webhookKey } from './layout/keys.ts';
import { batchesOf, eachOf } from './requests/batches.ts';
import { conditionalWrites, NEW } from './requests/conditional-writes.ts';
import type { Place } from './requests/place.ts';
import { range, withPrefix } from './requests/range.ts';
import type { RestoreTables } from './restored-rows.ts';
import { EndpointRow, endpointKey } from './webhooks/endpoint-row.ts';
import { dueForUpkeep, SLOT } from './webhooks/state-row.ts';

const Row = z.looseObject({ pk: z.string(), sk: z.string(), expires: z.optional(z.number()) });
type Row = z.output<typeof Row>;

/** How the copy of an endpoint ended. */
export type RestoredEndpoint =
  | { readonly kind: 'restored'; readonly rows: number }
  | { readonly kind: 'unchanged' | 'refused'; readonly reason: string };

/**
 * Copies a webhook endpoint and its deliveries into the live table, as far as that lacks their rows. The endpoint comes
 * last, so none of its deliveries is sent before all are there. Its upkeep is due then: each delivery that is pending is
 * sent, also where its receiver got it after the backup. A copy that stopped can be repeated.
 * @throws the error of the first row that cannot be written.
 */
export async function copyEndpoint({ from, to, now }: RestoreTables, endpointId: string): Promise<RestoredEndpoint> {
  const endpoint = await rowAt(from, endpointKey(endpointId));
  if (!endpoint || EndpointRow.parse(endpoint).deleted) {
    return { kind: 'refused', reason: 'the restored table has no such webhook endpoint' };
  }
  const writes = conditionalWrites(to.client, to.table);
  let rows = 0;
  const copy = async (row: Row) => {
    if (await writes.put(row, NEW)) rows++;
  };
  const deliveries = (await deliveryRows(from, endpointId)).filter((row) => !isGone(row, now()));
  await eachOf(batchesOf(deliveries), copy);
  const state = await rowAt(from, { pk: webhookKey(endpointId), sk: ENDPOINT_STATE });
  if (state) await copy({ ...withoutSlots(state), ...dueForUpkeep(now()) });
  await copy(endpoint);
  return rows > 0 ? { kind: 'restored', rows } : { kind: 'unchanged', reason: 'the live table has all its rows' };
}

/** The workers that held the slots have ended. */
function withoutSlots({ pk, sk, ...more }: Row): Row {
  return { pk, sk, ...Object.fromEntries(Object.entries(more).filter(([name]) => !SLOT.test(name))) };
}

async function deliveryRows(place: Place, endpointId: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of range(place, withPrefix(webhookKey(endpointId), DELIVERIES))) rows.push(Row.parse(row));
  return rows;
}

async function rowAt({ client, table }: Place, Key: { pk: string; sk: string }): Promise<Row | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item && Row.parse(Item);
}
