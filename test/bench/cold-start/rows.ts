import { currentRow } from '../../../functions/adapters/dynamodb/layout/content-row.ts';
import { scheduleRow } from '../../../functions/adapters/dynamodb/layout/schedule-row.ts';
import { pack } from '../../../functions/domain/group/pages.ts';
import { verifications } from '../../fakes/anycheck.ts';

export const RESULT_ID = '88888888-8888-4888-8888-888888888888';
/** A group that has no rows. */
export const UNKNOWN_ID = '99999999-9999-4999-8999-999999999999';
/** The number of verifications of the group that all functions read. */
const ITEMS = 10;
/** When the schedule row says that the group is due; a message that says another time is dropped. */
const DUE = 4_000_000_000_000;

const texts = verifications(ITEMS);
/** The whole group, as AnyCheck gives it. */
const PAGE = `{"total":${ITEMS},"overall_status":"COMPLETED","items":[${texts.join()}]}`;

/** DynamoDB's JSON of a row. */
function attributes(row: Readonly<Record<string, unknown>>): Record<string, object> {
  const typed = (value: unknown): object => {
    if (typeof value === 'string') return { S: value };
    if (typeof value === 'number') return { N: String(value) };
    if (typeof value === 'boolean') return { BOOL: value };
    if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') };
    return { M: attributes({ ...(typeof value === 'object' && value) }) };
  };
  const there = Object.entries(row).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there.map(([name, value]) => [name, typed(value)]));
}

const now = Date.now();

/** The two rows of a settled group, as the store writes them. */
export const HEAD_ROWS = [
  attributes(
    currentRow(RESULT_ID, {
      version: 3,
      revision: 4,
      since: 4,
      publishedAt: now,
      began: now - 60_000,
      fetchedAt: now,
      revisedAt: now,
      totalText: String(ITEMS),
      overallStatusText: '"COMPLETED"',
      phase: 'settled',
      hadItems: true,
      isRedacted: false,
      content: 'content',
      bytes: 'bytes',
      inline: pack(texts),
      pages: [],
    }),
  ),
  attributes({
    ...scheduleRow(RESULT_ID, { firstSeen: now - 60_000, due: DUE }),
    phase: 'settled',
    confirmed_at: now,
    confirmed_version: 3,
    counts: { COMPLETED: ITEMS },
    total: ITEMS,
    overall_status: 'COMPLETED',
  }),
];

/** The same group as the rivals keep it: a row with the page's text. */
export const TEXT_ROW = attributes({ pk: RESULT_ID, sk: 'page', page: PAGE });
