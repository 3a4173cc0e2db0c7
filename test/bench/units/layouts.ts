import { blobPlain, blobPromising } from './blob.ts';
import type { Layout } from './contender.ts';
import { ours } from './ours.ts';
import { tensPlain, tensPromising } from './pages-of-ten.ts';
import { rowsPlain, rowsPromising } from './row-each.ts';

/** Those that keep all promises; ours is the first. */
export const KEEPING: readonly Layout[] = [ours, rowsPromising, blobPromising, tensPromising];
/** As one would deploy them who doesn't promise as much. */
export const PLAIN: readonly Layout[] = [rowsPlain, blobPlain, tensPlain];
