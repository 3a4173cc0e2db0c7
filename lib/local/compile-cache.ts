import { fileURLToPath } from 'node:url';

/**
 * The directory of Node.js's compile cache for the local run and its syntheses. Node.js compares each entry with the
 * file that it was compiled from, and starts without the cache where it cannot write it.
 */
export const COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/node-compile', import.meta.url));
