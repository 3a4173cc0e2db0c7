import { errorFields, log } from './log.ts';

/** Logs a count against a quota that could not be written: the caller's answer does not depend on it. */
export const logQuotaFault = (error: unknown): void => log('warn', 'quota.uncounted', errorFields(error));
