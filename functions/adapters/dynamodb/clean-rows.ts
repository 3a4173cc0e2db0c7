import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EventType } from '../../domain/events/event.ts';
import { pack, unpack } from '../../domain/group/pages.ts';
import type { Cleaned, Erasures } from '../../domain/store/ports.ts';
import { CHANGES, EVENTS, groupKey, HISTORY, introducedIn, PAGES, pageRowOf } from './layout/keys.ts';
import { cut } from './page-rows.ts';
import { batchesOf, eachOf } from './requests/batches.ts';
import type { ConditionalWrites } from './requests/conditional-writes.ts';
import { range, withPrefix } from './requests/range.ts';

export interface CleanRowsOptions {
  readonly client: DynamoDBDocumentClient;
  readonly writes: ConditionalWrites;
  readonly table: string;
}

interface ContentRow {
  readonly sk: string;
  readonly type: unknown;
  readonly version: number;
  readonly content: unknown;
  readonly items: Uint8Array | undefined;
  readonly data: Uint8Array | undefined;
}

/** Reads a row that may be damaged. A damaged attribute counts as missing, so that its row is deleted like any other. */
const contentRowOf = ({ sk, type, version, content, items, data }: Readonly<Record<string, unknown>>): ContentRow => ({
  sk: String(sk),
  type,
  version: typeof version === 'number' ? version : 0,
  content,
  items: bytesIn(items),
  data: bytesIn(data),
});
const bytesIn = (value: unknown) => (value instanceof Uint8Array ? value : undefined);

/** Deletes or rewrites the rows that hold a group's content, after an erasure or a redaction. */
export function cleanRows({ client, writes, table }: CleanRowsOptions): Pick<Erasures, 'clean'> {
  async function* rows(resultId: string, prefix: string, attributes?: string): AsyncGenerator<ContentRow> {
    const options = attributes
      ? { ProjectionExpression: attributes, ExpressionAttributeNames: { '#version': 'version', '#type': 'type' } }
      : {};
    const all = withPrefix(groupKey(resultId), prefix);
    for await (const row of range({ client, table }, all, options)) yield contentRowOf(row);
  }

  async function erased(resultId: string, { version, revision }: Cleaned): Promise<string[]> {
    const sks: string[] = [];
    for (const prefix of [CHANGES, EVENTS, HISTORY, PAGES]) {
      for await (const row of rows(resultId, prefix, 'sk, #type, #version')) {
        const isErased = prefix === PAGES ? introducedIn(row.sk) <= revision : row.version <= version;
        // The event of an erasure says no more than that it happened.
        if (isErased && row.type !== ('group.erased' satisfies EventType)) sks.push(row.sk);
      }
    }
    return sks;
  }

  async function* pages(resultId: string): AsyncGenerator<ContentRow[]> {
    let parts: ContentRow[] = [];
    const whole = () => parts.toSorted((a, b) => pageRowOf(a.sk).part - pageRowOf(b.sk).part);
    for await (const row of rows(resultId, PAGES)) {
      const [first] = parts;
      if (first && pageRowOf(first.sk).page !== pageRowOf(row.sk).page) {
        yield whole();
        parts = [];
      }
      parts.push(row);
    }
    if (parts.length > 0) yield whole();
  }

  const write = (resultId: string, sk: string, set: Record<string, unknown>) =>
    writes.update({ pk: groupKey(resultId), sk }, { set }, { when: 'attribute_exists(pk)' });

  /**
   * @returns the number of rows and pages that it rewrote, plus one if the signal ended the run before the last row.
   */
  async function rewriteAll(resultId: string, rewrite: (text: string) => string, signal: AbortSignal): Promise<number> {
    let found = 0;
    /**
     * @param parts the number of rows that hold the packed texts.
     * @returns the rewritten texts, packed; undefined if the rows already hold them.
     */
    const rewritten = (packed: Uint8Array, parts = 1): Uint8Array | undefined => {
      const texts = unpack(packed);
      const after = texts.map(rewrite);
      const readsTheSame = after.every((text, i) => text === texts[i]);
      if (readsTheSame && parts === 1) return undefined;
      const whole = pack(after);
      // A run that died may have rewritten only the first of several rows. The others then still hold old bytes, which
      // `unpack` does not read.
      return readsTheSame && whole.equals(packed) ? undefined : whole;
    };
    for await (const { sk, items, content } of rows(resultId, HISTORY)) {
      if (signal.aborted) return found + 1;
      const after = items && rewritten(items);
      if (after === undefined && content === '') continue;
      // The hashes are removed as well, because they were computed from the removed data.
      if (await write(resultId, sk, { items: after, content: '', bytes: '' })) found++;
    }
    for await (const parts of pages(resultId)) {
      if (signal.aborted) return found + 1;
      const packed = Buffer.concat(parts.map(({ data = new Uint8Array() }) => data));
      const after = rewritten(packed, parts.length);
      if (!after) continue;
      found++;
      const cuts = cut(after, parts.length);
      for (const [i, { sk }] of parts.entries()) await write(resultId, sk, { data: cuts[i] });
    }
    return found;
  }

  return {
    async clean(resultId, what, signal) {
      const sks = what.revision > 0 ? await erased(resultId, what) : [];
      await eachOf(batchesOf(sks), (sk) =>
        client.send(new DeleteCommand({ TableName: table, Key: { pk: groupKey(resultId), sk } })),
      );
      return sks.length + (what.rewrite ? await rewriteAll(resultId, what.rewrite, signal) : 0);
    },
  };
}
