import { errorFields, log } from './log.ts';

/** Logs that the use of a key could not be recorded. The caller's answer does not depend on it. */
export const logKeyUseFault = (error: unknown): void => log('warn', 'key.use_unrecorded', errorFields(error));
