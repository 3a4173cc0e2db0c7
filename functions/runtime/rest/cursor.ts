import type * as z from 'zod/mini';
import { invalidField } from './api-error.ts';

/** Encodes a position as the `next_cursor` of a list. Callers send it back unchanged. */
export const cursorOf = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/**
 * Decodes a cursor.
 * @param shape the schema of this list's positions.
 * @throws ApiError 400 if the cursor is not one of this list.
 */
export function positionIn<Shape extends z.ZodMiniType>(cursor: string, shape: Shape): z.output<Shape> {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (cursorOf(position) === cursor) return shape.parse(position);
  } catch {
    // The error below is the same for every invalid cursor.
  }
  throw invalidField('cursor', 'is not a next_cursor of this list');
}
