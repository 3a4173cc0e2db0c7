import type { UpstreamEvent } from '../../domain/upstream/breaker.ts';
import type { Counted } from '../../domain/upstream/feedback.ts';
import { count, type LogEvent, log, type Metric } from './log.ts';

const EVENTS = {
  'circuit opened': ['error', 'anycheck.circuit_opened', 'CircuitOpened'],
  'circuit closed': ['info', 'anycheck.circuit_closed', undefined],
  'credentials refused': ['error', 'anycheck.credentials_refused', 'CredentialsRefused'],
  'rate limited': ['warn', 'anycheck.rate_limited', 'RateLimited'],
} as const satisfies Record<UpstreamEvent, readonly ['info' | 'warn' | 'error', LogEvent, Metric | undefined]>;

const COUNTED = {
  call: 'AnyCheckCalls',
  login: 'AnyCheckLogins',
  refusal: 'AnyCheckRefusals',
} as const satisfies Record<Counted, Metric>;

/** Counts a call, for the line of the look that it was made for. */
export const countUpstreamCall = (what: Counted): void => count(COUNTED[what]);

/** Tells of what concerns all groups at once. @param seconds that everybody waits. */
export function logUpstreamEvent(event: UpstreamEvent, seconds?: number): void {
  const [level, name, metric] = EVENTS[event];
  log(level, name, { seconds }, metric ? { [metric]: 1 } : {});
}
