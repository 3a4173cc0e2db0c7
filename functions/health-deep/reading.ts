import { errorFields, log } from '../runtime/log/log.ts';
import type { PartReading } from './health.ts';

/** What was asked about a part; undefined where it could not be told, which the log has the reason of. */
export const reading = <T>(part: string, asked: Promise<T>): Promise<PartReading<T>> =>
  asked.then(
    (value) => ({ value }),
    (error: unknown) => void log('error', 'health.unknown', { part, ...errorFields(error) }),
  );
