import { invalidField } from './errors.ts';

/** What a list's `next_cursor` holds, for callers to hand back as it is. */
export const cursorOf = (position: string | undefined): string | null =>
  position === undefined ? null : Buffer.from(position).toString('base64url');

/** @param shape of what this list puts into its cursors. @throws ApiError 400 for anything else. */
export function positionIn(cursor: string | undefined, shape: RegExp): string | undefined {
  if (cursor === undefined) return undefined;
  const position = Buffer.from(cursor, 'base64url').toString();
  if (!shape.test(position) || cursorOf(position) !== cursor)
    throw invalidField('cursor', 'is not a next_cursor of this list');
  return position;
}
