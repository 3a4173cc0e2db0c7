import type { EventDetails, UpstreamEvent } from '../../domain/upstream/breaker.ts';
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

/** Counts a call to AnyCheck. The next log line with metrics reports it. */
export const countUpstreamCall = (what: Counted): void => count(COUNTED[what]);

/** Logs an event of the upstream that concerns all groups. */
export function logUpstreamEvent(event: UpstreamEvent, { seconds, reason }: EventDetails = {}): void {
  const [level, name, metric] = EVENTS[event];
  log(level, name, { seconds, reason }, metric ? { [metric]: 1 } : {});
}
