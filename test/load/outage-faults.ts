import type { FaultRequest } from '../../lib/sandbox/controls/control-requests.ts';

/** A way in which AnyCheck, or something in front of it, sends nothing usable for a while. */
export interface OutageFault {
  readonly name: string;
  readonly faults: readonly FaultRequest[];
  /** Whether the service logs in, and whether its session ends when the outage begins. */
  readonly login?: 'live' | 'ended';
}

const HTML = '<!doctype html><html><head><title>Maintenance</title></head><body><h1>We will be back</h1></body></html>';
const html = { 'content-type': 'text/html' };

const raw = (name: string, status: number, body = '', headers: Record<string, string> = {}): OutageFault => ({
  name,
  faults: [{ kind: 'raw', status, body, headers }],
});
const refused = (status: number, error_code: string): OutageFault => ({
  name: `${status} ${error_code}`,
  faults: [{ kind: 'status', status, error_code }],
});
const kind = (name: string, fault: string): OutageFault => ({ name, faults: [{ kind: fault }] });
const auth = (name: string, login: 'live' | 'ended', ...faults: FaultRequest[]): OutageFault => ({
  name,
  login,
  faults,
});

/** Ways that the whole fleet meets: at every call, of every group. */
export const OUTAGE_FAULTS: readonly OutageFault[] = [
  refused(500, 'INTERNAL_SERVER_ERROR'),
  raw('200 with an HTML page', 200, HTML, html),
  raw('403 without a body', 403),
  raw('403 with an HTML page', 403, HTML, html),
  raw('308 to another host', 308, '', { location: 'https://elsewhere.example/verifications' }),
  raw('401 without a body', 401),
  raw('503 with an HTML page', 503, HTML, html),
  raw('404 with an HTML page', 404, HTML, html),
  raw('404 of a gateway', 404, '{"message":"Not Found"}', { 'content-type': 'application/json' }),
  raw('429 with an HTML page', 429, HTML, html),
  raw('400 with an HTML page', 400, HTML, html),
  raw('402 without a body', 402),
  raw('407 of a proxy', 407, HTML, html),
  raw('421 without a body', 421),
  raw('451 with an HTML page', 451, HTML, html),
  raw('204 without a body', 204),
  raw('200 with null', 200, 'null'),
  raw('200 with []', 200, '[]'),
  raw('200 with an error', 200, '{"error_code":"INTERNAL_SERVER_ERROR","message":"failed"}'),
  raw('200 in an unknown coding', 200, HTML, { 'content-encoding': 'compress' }),
  kind('200 with JSON that stops in the middle', 'truncate'),
  kind('a reset connection', 'reset'),
  kind('no answer', 'hang'),
  refused(403, 'FORBIDDEN'),
  refused(403, 'INSUFFICIENT_BALANCE'),
  refused(403, 'QUOTA_EXCEEDED'),
  auth('the token refresh fails and the login answers 500', 'ended', { kind: 'status', route: 'login', status: 500 }),
  auth('the login answers an HTML page', 'ended', { kind: 'raw', route: 'login', body: HTML, headers: html }),
  auth('the login answers in another shape', 'ended', { kind: 'wrapped', route: 'login' }),
  auth('401 without a body to every token', 'live', { kind: 'raw', status: 401 }),
  auth('the login hangs', 'ended', { kind: 'hang', route: 'login' }),
];
