import * as z from 'zod/mini';
import { beginningOf, type Order, POSITION } from '../domain/group/position.ts';
import type { Filter, Groups, TrackedGroup } from '../domain/groups/group-list.ts';
import { invalidField } from '../runtime/rest/api-error.ts';
import { cursorOf, positionIn } from '../runtime/rest/cursor.ts';

export interface GroupsPage {
  readonly found: TrackedGroup[];
  /** Null at the end of the listing. */
  readonly cursor: string | null;
}

/**
 * Lists a page of the tracked groups that match a filter, in the order of their last change; failing groups in the order
 * in which their failures began. The cursor is the position that the listing has reached. A group that changes meanwhile
 * moves to the pages before it with `newest`, to those after it with `oldest`.
 * @param limit groups of a page, at most 100. A page can hold fewer before the end.
 * @param changedSince ms since the epoch: the listing begins with the groups that changed then or later; undefined lists
 * all. A cursor continues its own listing.
 * @throws ApiError 400 for an invalid cursor, one of a listing in the other order or of other groups, or `changedSince`
 * with `newest` or with failing groups.
 */
export async function listTrackedGroups(
  groups: Pick<Groups, 'list'>,
  filter: Filter,
  order: Order,
  cursor: string | undefined,
  limit: number,
  changedSince?: number,
): Promise<GroupsPage> {
  if (changedSince !== undefined && order !== 'oldest') throw invalidField('changed_since', 'requires order=oldest');
  const { isFailing } = filter;
  if (changedSince !== undefined && isFailing) throw invalidField('changed_since', 'does not apply to failing=true');
  const first = changedSince === undefined ? undefined : beginningOf(changedSince);
  const Cursor = z.strictObject({
    order: z.literal(order),
    at: z.string().check(z.regex(POSITION)),
    ...(isFailing && { failing: z.literal(true) }),
  });
  const bound = cursor === undefined ? first : positionIn(cursor, Cursor).at;
  const range = order === 'oldest' ? { order, after: bound } : { order, before: bound };
  const { found, next } = await groups.list(filter, range, limit);
  return {
    found,
    cursor: next === undefined ? null : cursorOf({ order, at: next, ...(isFailing && { failing: true }) }),
  };
}
