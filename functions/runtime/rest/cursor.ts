import type * as z from 'zod/mini';
import { invalidField } from './api-error.ts';

/** What a list's `next_cursor` holds, for callers to hand back as it is. */
export const cursorOf = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/** @param shape of what this list puts into its cursors. @throws ApiError 400 for anything else. */
export function positionIn<Shape extends z.ZodMiniType>(cursor: string, shape: Shape): z.output<Shape> {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (cursorOf(position) === cursor) return shape.parse(position);
  } catch {
    // Refused below, as everything else that isn't one.
  }
  throw invalidField('cursor', 'is not a next_cursor of this list');
}
