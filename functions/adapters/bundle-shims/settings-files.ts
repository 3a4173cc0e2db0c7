/**
 * Stands for `node:fs/promises` in the bundles, of which the SDK uses this alone: to look for its settings in files of a home
 * directory. A Lambda has none, and its settings are in its environment.
 */
export const readFile = async (path: string): Promise<never> => {
  throw new Error(`settings come from the environment, not from ${path}`);
};
