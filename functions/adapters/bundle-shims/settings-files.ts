/**
 * Replaces `node:fs/promises` in the bundles. The SDK uses only this function of it, to read settings from files in a
 * home directory. A Lambda function has no such files: its settings are environment variables.
 */
export const readFile = async (path: string): Promise<never> => {
  throw new Error(`settings come from the environment, not from ${path}`);
};
