import type { Schedule } from '../group/schedule.ts';
import { MissingPageError } from './missing-page.ts';
import type { Snapshots } from './ports.ts';

/**
 * What reading a group's content comes to; undefined where it was erased in the middle of it.
 * @param since the group as it was before.
 * @throws MissingPageError where it wasn't erased, and all that `read` throws.
 */
export async function unlessErased<T>(
  store: Snapshots,
  resultId: string,
  since: Schedule | undefined,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const { schedule } = error instanceof MissingPageError ? await store.read(resultId) : {};
    if (schedule && schedule.erasedAt !== since?.erasedAt) return undefined;
    throw error;
  }
}
