import { blobPlain, blobPromising } from './blob.ts';
import type { Layout } from './contender.ts';
import { ours } from './ours.ts';
import { tensPlain, tensPromising } from './pages-of-ten.ts';
import { rowsPlain, rowsPromising } from './row-each.ts';

/** The layouts with all compared features; this service's is the first. */
export const KEEPING: readonly Layout[] = [ours, rowsPromising, blobPromising, tensPromising];
/** The same layouts without those features. */
export const PLAIN: readonly Layout[] = [rowsPlain, blobPlain, tensPlain];
