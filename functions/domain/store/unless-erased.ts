import type { Schedule } from '../group/schedule.ts';
import { MissingPageError } from './missing-page.ts';
import type { Snapshots } from './ports.ts';

/**
 * Runs a read of a group's content.
 * @param since the group's schedule record before the read.
 * @returns the result of `read`; undefined where the group was erased during the read.
 * @throws the errors of `read`, among them MissingPageError where the group was not erased.
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
