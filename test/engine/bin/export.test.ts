import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { connect } from '../../../bin/client/client.ts';
import { exportAll, firstPlace, type Place } from '../../../bin/export/export.ts';
import { type Served, serve } from '../../../lib/local/http/serve.ts';

const PERIOD = { since: Date.parse('2026-11-01'), until: Date.parse('2026-11-29') };
const [FIRST, SECOND, THIRD] = ['a', 'b', 'c'] as const;

/** The pages that the service returns, one after the other. */
let pages: { items: object[]; next_cursor: string | null }[] = [];
let listings: (string | null)[] = [];
let service: Served;

beforeAll(async () => {
  service = await serve(
    createServer(({ url = '' }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      response.setHeader('content-type', 'application/json');
      if (pathname.endsWith('/history')) {
        const at = '2026-11-02T00:00:00.000Z';
        const item = { version: 1, at, confirmed_until: at, overall_status: null, phase: 'settled', total: 0 };
        const counts = { added: 0, removed: 0, changed: 0, transitions: [] };
        response.end(JSON.stringify({ items: [{ ...item, ...counts }], next_cursor: null }));
        return;
      }
      if (searchParams.get('limit') === '1') return void response.end('{"items":[],"next_cursor":null}');
      listings.push(searchParams.get('changed_since') ?? searchParams.get('cursor'));
      response.end(JSON.stringify(pages.shift()));
    }),
  );
});
afterAll(() => service.close());
beforeEach(() => {
  listings = [];
});

const group = (result_id: string, last_change = '2026-11-02T00:00:00.000Z') => ({
  ...{ result_id, version: 1, phase: 'settled', overall_status: null, total: 0, status_counts: {} },
  ...{ first_seen: last_change, last_change, last_success: null, redacted: false },
});
const page = (next_cursor: string | null, ...items: object[]) => ({ items, next_cursor });

/** Exports from a place. @returns the groups, and the places behind the pages. */
async function exported(place: Place, known: readonly string[] = []) {
  const slept: number[] = [];
  const groups: unknown[] = [];
  const places: Place[] = [];
  const [sleep, now] = [async (ms: number) => void slept.push(ms), Date.now];
  await exportAll({
    client: connect(
      { url: service.url, credentials: { kind: 'token', token: 't' } },
      { now, sleep, print: () => {}, maxWaitMs: 0 },
    ),
    period: PERIOD,
    place,
    exported: new Set(known),
    settledMs: 6_000,
    sleep,
    write: async (records) => void groups.push(records[0]?.result_id),
    onPage: async (reached) => void places.push(reached),
  });
  return { groups, places, slept };
}
const BEGIN = firstPlace(PERIOD, Date.parse('2026-11-30T12:00:00Z'));

it('lists again what changed since the begin of a listing, until a listing finds nothing new', async () => {
  pages = [
    page('2', group(FIRST)),
    page(null, group(SECOND), group(FIRST)),
    // It changed while it was listed, and was on no page.
    page(null, group(SECOND), group(THIRD)),
    page(null, group(THIRD)),
  ];
  const { groups, slept } = await exported(BEGIN);
  expect(groups).toEqual([FIRST, SECOND, THIRD]);
  expect(slept).toEqual([6_000, 6_000]);
  expect(listings.slice(0, 3)).toEqual(['2026-11-01T00:00:00.000Z', '2', '2026-11-30T11:59:54.000Z']);
  expect(listings).toHaveLength(4);
});

it('lists twice where the first listing finds nothing', async () => {
  pages = [page(null), page(null, group(FIRST)), page(null)];
  expect((await exported(BEGIN)).groups).toEqual([FIRST]);
});

it('continues at each place that it has reached, and repeats no group', async () => {
  const all = () => [page('2', group(FIRST)), page(null, group(SECOND)), page(null, group(THIRD)), page(null)];
  pages = all();
  const { groups, places } = await exported(BEGIN);
  expect(groups).toEqual([FIRST, SECOND, THIRD]);
  // Behind page 1, before listing 2, and before listing 3.
  expect(places).toHaveLength(3);
  for (const [at, place] of places.entries()) {
    pages = all().slice(at + 1);
    expect((await exported(place, groups.slice(0, at + 1).map(String))).groups).toEqual(groups.slice(at + 1));
  }
});

it('leaves out a group that has no version in the period and changed later', async () => {
  pages = [page(null, { ...group(FIRST, '2026-11-29T00:00:00.000Z'), version: null }), page(null)];
  expect((await exported(BEGIN)).groups).toEqual([]);
  pages = [page(null, { ...group(FIRST, '2026-11-28T23:59:59.999Z'), version: null }), page(null)];
  expect((await exported(BEGIN)).groups).toEqual([FIRST]);
});
