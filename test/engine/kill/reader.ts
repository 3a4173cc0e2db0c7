import type { Snapshot } from '../../../functions/domain/group/snapshot.ts';
import { listVerifications } from '../../../functions/domain/read/list-verifications.ts';
import type { ListedPage } from '../../../functions/domain/read/listed-page.ts';
import type { Parts } from './parts.ts';

/** All that a reader is served of a group, page by page: of `pinned`, else of the version that the first page names. */
export async function readAll(
  parts: Parts,
  resultId: string,
  pinned?: number,
): Promise<{ snapshot: Snapshot; items: string[] }> {
  const page = (offset: number, version = pinned): Promise<ListedPage> =>
    listVerifications(
      parts,
      { resultId, offset, size: 100, version, asOf: undefined, maxAge: undefined },
      () => parts.signal,
    );
  const first = await page(0);
  const { snapshot } = first;
  const all = [...first.items()];
  while (all.length < Number(snapshot.totalText)) all.push(...(await page(all.length, snapshot.version)).items());
  return { snapshot, items: all };
}
