import type { Client } from '../../../api/client.ts';
import { type VerificationPage, verificationPage } from '../../../json/answer-texts.ts';

/** Which items of a group: a page of a version, or of the version that was current at a time. */
export interface PageRequest {
  readonly resultId: string;
  readonly version?: string | undefined;
  /** RFC 3339. */
  readonly asOf?: string | undefined;
  readonly offset: number;
  readonly size: number;
}

export interface ItemPage extends VerificationPage {
  /** The number of the version that the items are of. */
  readonly version: string;
  /** Seconds since AnyCheck confirmed them. */
  readonly age: string;
}

/** Reads pages of items. */
export interface ItemPages {
  readonly read: (request: PageRequest, signal: AbortSignal) => Promise<ItemPage>;
}

/** Pages in memory. Each may hold megabytes. */
const MAX_PAGES = 10;

/** Keeps the last pages, and lets the service confirm them by their ETag instead of sending them again. */
export function createItemPages(client: Client): ItemPages {
  const kept = new Map<string, { readonly etag: string; readonly page: ItemPage }>();
  return {
    async read({ resultId, version, asOf, offset, size }, signal) {
      const query = {
        result_id: resultId,
        ...(asOf ? { as_of: asOf } : version && { snapshot_version: version }),
        page_offset: String(offset),
        page_size: String(size),
      };
      const key = JSON.stringify(query);
      const before = kept.get(key);
      const answer = await client.call('GET /verifications', { query }, { signal, etag: before?.etag });
      const { headers } = answer;
      const facts = {
        version: headers.get('x-snapshot-version') ?? '',
        age: headers.get('x-snapshot-age') ?? '',
      };
      const content = answer.status === 304 && before ? before.page : verificationPage(answer.text);
      const page = { ...content, ...facts };
      kept.delete(key);
      kept.set(key, { etag: headers.get('etag') ?? '', page });
      const [oldest] = kept.keys();
      if (kept.size > MAX_PAGES && oldest !== undefined) kept.delete(oldest);
      return page;
    },
  };
}
