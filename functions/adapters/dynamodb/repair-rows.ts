import type { Erasures } from '../../domain/store/ports.ts';
import { readHeadItems } from './head.ts';
import { CurrentRow, placeholderRow } from './layout/content-row.ts';
import { groupKey, HISTORY, PAGES, WITHOUT_CALLS } from './layout/keys.ts';
import { ScheduleRow, tombstoneRow } from './layout/schedule-row.ts';
import { conditionalWrites } from './requests/conditional-writes.ts';
import type { Place } from './requests/place.ts';
import { firstOf, withPrefix } from './requests/range.ts';

/** The numbers that an erased group's schedule row keeps. */
const KEPT = ['first_seen', 'erased_at', 'erased_version', 'erased_revision', 'redacted_at'];

/** Replaces a group's head rows where they are damaged, so that the group can be erased. */
export function repairRows(place: Place): Pick<Erasures, 'repair'> {
  const { client, table } = place;
  const writes = conditionalWrites(client, table);
  const exists = { when: 'attribute_exists(pk)' };

  /** Returns the number in the highest sort key with a prefix; 0 where there is no such row. */
  async function highest(resultId: string, prefix: string): Promise<number> {
    const options = { ProjectionExpression: 'sk', ScanIndexForward: false };
    const [row] = await firstOf(place, withPrefix(groupKey(resultId), prefix), 1, options);
    return Number(String(row?.sk ?? '').split('#')[1] ?? 0);
  }

  return {
    async repair(resultId, now) {
      const [current, schedule] = await readHeadItems(place, resultId);
      if (current && !CurrentRow.safeParse(current).success) {
        // Without its numbers, the current row is newer than every row that names a version or a revision.
        const version = Math.max(numberIn(current, 'version') ?? 0, (await highest(resultId, HISTORY)) + 1);
        const revision = Math.max(numberIn(current, 'revision') ?? 0, (await highest(resultId, PAGES)) + 1);
        const publishedAt = numberIn(current, 'published_at') ?? now;
        await writes.put(placeholderRow(resultId, { version, publishedAt }, revision), exists);
      }
      if (schedule && !ScheduleRow.safeParse(schedule).success) {
        const numbers = Object.fromEntries(KEPT.map((name) => [name, numberIn(schedule, name)]));
        const row = { ...tombstoneRow(resultId, now), due: now, due_shard: WITHOUT_CALLS };
        await writes.put({ ...row, ...numbers, first_seen: numbers.first_seen ?? now }, exists);
      }
    },
  };
}

function numberIn(row: Record<string, unknown>, name: string): number | undefined {
  const value = row[name];
  return typeof value === 'number' ? value : undefined;
}
