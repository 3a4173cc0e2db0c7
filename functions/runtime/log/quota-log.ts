import { errorFields, log } from './log.ts';

/** Logs that a quota's count could not be written. The caller's answer does not depend on it. */
export const logQuotaFault = (error: unknown): void => log('warn', 'quota.uncounted', errorFields(error));
