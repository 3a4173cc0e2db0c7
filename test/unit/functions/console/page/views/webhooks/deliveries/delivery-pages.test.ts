import { describe, expect, it } from 'vitest';
import type { Client } from '../../../../../../../../functions/console/page/api/client.ts';
import { readDeliveries } from '../../../../../../../../functions/console/page/views/webhooks/deliveries/delivery-pages.ts';

const ENDPOINT = 'we_5iAvGzQVpDsSYGFDuMnGZg';

/** A service whose pages have these numbers of deliveries. Each cursor is the number of its page. */
function service(sizes: readonly number[]) {
  const queries: Record<string, string>[] = [];
  const call = async (_: string, { query }: { query: Record<string, string> }) => {
    queries.push(query);
    const page = Number(query.cursor ?? 0);
    const items = Array.from({ length: sizes[page] ?? 0 }, (_, i) => ({ delivery_id: `${page}.${i}` }));
    return { body: { items, next_cursor: page + 1 < sizes.length ? String(page + 1) : null } };
  };
  return { client: { call } as unknown as Client, queries };
}

const idsOf = (deliveries: readonly { readonly delivery_id: string }[]) =>
  deliveries.map(({ delivery_id }) => delivery_id);

describe('the reading of deliveries', () => {
  it('ends with the first page that completes what is needed', async () => {
    const { client, queries } = service([2, 2, 2]);
    const { deliveries, cursor } = await readDeliveries(client, ENDPOINT, { status: 'failed' }, { count: 3 });
    expect(idsOf(deliveries)).toEqual(['0.0', '0.1', '1.0', '1.1']);
    expect(cursor).toBe('2');
    expect(queries).toEqual([
      { status: 'failed', limit: '50' },
      { status: 'failed', limit: '50', cursor: '1' },
    ]);
  });

  it('begins at a cursor, and ends at the end of the list', async () => {
    const { client } = service([2, 2, 1]);
    const { deliveries, cursor } = await readDeliveries(client, ENDPOINT, {}, { count: 100, cursor: '2' });
    expect(idsOf(deliveries)).toEqual(['2.0']);
    expect(cursor).toBeNull();
  });

  it('skips pages on which no delivery matches, five at most', async () => {
    const found = service([0, 0, 1, 1]);
    expect(idsOf((await readDeliveries(found.client, ENDPOINT, {}, { count: 1 })).deliveries)).toEqual(['2.0']);
    const rare = service(Array(20).fill(0));
    expect(await readDeliveries(rare.client, ENDPOINT, {}, { count: 1 })).toEqual({ deliveries: [], cursor: '5' });
    expect(rare.queries).toHaveLength(5);
  });
});
