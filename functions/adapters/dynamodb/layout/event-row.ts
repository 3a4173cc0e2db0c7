import * as z from 'zod/mini';
import { rowBase } from './keys.ts';

/** The record of an event, with the JSON text that is sent. */
export const EventRow = z.object({ ...rowBase, body: z.string() });
