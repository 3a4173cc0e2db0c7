import * as z from 'zod';
import type { Running } from '../stack/running.ts';

const Listed = z.looseObject({ next_cursor: z.string().nullable() });

/** Cursors that lists returned, and forged ones. */
export async function cursorsLike({ call, token }: Running, lists: readonly string[]): Promise<string[]> {
  const headers = { authorization: `Bearer ${token}` };
  const given = await Promise.all(
    lists.map(
      async (path) => Listed.parse(await (await call(`${path}?limit=1`, { headers })).json()).next_cursor ?? '',
    ),
  );
  const times = ['0000000000000', '1700000000000', '9999999999999', '999999999999999'];
  const forged = [
    { before: `dlv_1700000000000_${'a'.repeat(22)}` },
    { before: 'dlv_' },
    ...[0, -1, 1.5, 1e308, 999_999_999_999_999, 1_700_000_000_000, '1', null, [], {}, { at: '1' }],
    ...times.flatMap((at) => [
      { order: 'newest', at: `${at}#` },
      { order: 'newest', at: `${at}#ffffffff-ffff-4fff-8fff-ffffffffffff` },
      { order: 'oldest', at: `${at}#ffffffff-ffff-4fff-8fff-ffffffffffff` },
      { order: 'oldest', at: `${at}#${'-'.repeat(36)}` },
      { order: 'oldest', at: `${at}#-`, since: 1_700_000_000_000 },
    ]),
  ];
  return [...given, ...forged.map((one) => Buffer.from(JSON.stringify(one)).toString('base64url')), 'e30', 'A'];
}
