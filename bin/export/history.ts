import type { components } from '../client/api.d.ts';
import type { Client } from '../client/client.ts';

type Version = components['schemas']['GroupVersion'];

/** The times of an export, ms since the epoch. */
export interface Period {
  readonly since: number;
  /** Exclusive. */
  readonly until: number;
}

const LIMIT = 100;

/**
 * Reads the retained versions of a group that were published in a period, oldest first.
 * @returns undefined where the group was erased meanwhile.
 */
export async function versionsIn(client: Client, result_id: string, period: Period): Promise<Version[] | undefined> {
  const found: Version[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: LIMIT, ...(cursor !== null && { cursor }) };
    const { data } = await client.GET('/groups/{result_id}/history', { params: { path: { result_id }, query } });
    if (data === undefined) return undefined;
    found.push(...data.items.filter(({ at }) => isIn(period, at)));
    const oldest = data.items.at(-1);
    if (oldest !== undefined && Date.parse(oldest.at) < period.since) break;
    cursor = data.next_cursor;
  } while (cursor !== null);
  return found.toReversed();
}

/** Whether an RFC 3339 time is in a period. */
export const isIn = ({ since, until }: Period, time: string): boolean => {
  const at = Date.parse(time);
  return since <= at && at < until;
};
