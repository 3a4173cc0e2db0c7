import { describe, expect, it } from 'vitest';
import { createClient } from '../../../../../../../../functions/console/page/api/client.ts';
import { createItemPages } from '../../../../../../../../functions/console/page/views/group/items/item-pages.ts';

const ID = '0d5b9f5e-4a51-4f0b-9f0e-000000000001';
const BODY = '{"total":1,"overall_status":null,"items":[{"id":"a","n":1.10}]}';
const { signal } = new AbortController();

describe('the pages of items', () => {
  it('let the service confirm a page that they have, and show its new age', async () => {
    const sent: Headers[] = [];
    const client = createClient({
      fetch: async (_, init) => {
        const headers = new Headers(init?.headers);
        sent.push(headers);
        const isHeld = headers.get('if-none-match') === 'W/"1"';
        return new Response(isHeld ? null : BODY, {
          status: isHeld ? 304 : 200,
          headers: { etag: 'W/"1"', 'x-snapshot-version': '7', 'x-snapshot-age': String(sent.length) },
        });
      },
      token: async () => 'token',
      onUnauthorized: () => undefined,
    });
    const pages = createItemPages(client);
    const request = { resultId: ID, version: '7', offset: 0, size: 25 };
    const first = await pages.read(request, signal);
    expect(first).toEqual({ total: '1', items: ['{"id":"a","n":1.10}'], version: '7', age: '1' });
    expect(await pages.read(request, signal)).toEqual({ ...first, age: '2' });
    expect(sent.map((headers) => headers.get('if-none-match'))).toEqual([null, 'W/"1"']);
  });
});
