import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { pagesAt } from '../../../functions/domain/group/pages.ts';
import type { Engine } from '../../fakes/engine.ts';
import { startService } from '../../fakes/service.ts';
import { fetchedItems } from '../items.ts';
import { recorded, type Wire } from './wire.ts';

export const RESULT_ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

/** A page that is read: of a group of `total` items, `size` from `offset` on. */
export interface Read {
  readonly total: number;
  readonly offset: number;
  readonly size: number;
}

export interface Stored {
  readonly table: string;
  /** Source texts of the page's items. */
  readonly items: readonly string[];
  /** What DynamoDB answers to our functions, and to one that keeps the page's text in a row. */
  readonly ours: Wire;
  readonly theirs: Wire;
}

/** Publishes a group, as the worker does, and writes a page as one row; then reads both. */
export async function stored(engine: Engine, { total, offset, size }: Read): Promise<Stored> {
  const all = fetchedItems(RESULT_ID, total);
  const items = all.slice(offset, offset + size);
  const { anycheck, clock, store, table, track, refresh } = await startService(engine);
  clock.now = Date.now();
  anycheck.groups.set(RESULT_ID, { overall: 'COMPLETED', items: all });
  await track(RESULT_ID);
  await refresh(RESULT_ID);
  const ours = await recorded(engine.client, async () => {
    const { snapshot } = await store.read(RESULT_ID);
    if (!snapshot) throw new Error('the group was not published');
    if (!snapshot.inline) await store.pages(RESULT_ID, pagesAt(snapshot.pages, offset, size).pages);
  });

  const Key = { pk: RESULT_ID, sk: `page#${offset}#${size}` };
  const row = { ...Key, total, overall_status: 'COMPLETED', items: `[${items.join()}]`, updated_at: clock.now };
  await engine.client.send(new PutCommand({ TableName: table, Item: row }));
  const theirs = await recorded(engine.client, () =>
    engine.client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true })),
  );
  return { table, items, ours, theirs };
}
