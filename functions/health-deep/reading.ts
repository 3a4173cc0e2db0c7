import { errorFields, log } from '../runtime/log/log.ts';
import type { PartReading } from './health.ts';

/** Waits for the value of a part. If the read fails, it logs the reason and returns undefined. */
export const reading = <T>(part: string, pending: Promise<T>): Promise<PartReading<T>> =>
  pending.then(
    (value) => ({ value }),
    (error: unknown) => void log('error', 'health.unknown', { part, ...errorFields(error) }),
  );
