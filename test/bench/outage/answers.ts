import type { ErrorAnswer, UpstreamAnswer } from '../../../functions/domain/upstream/answer.ts';
import { UpstreamError } from '../../../functions/domain/upstream/errors.ts';

export const errorAnswer = (status: number, over: Partial<ErrorAnswer> = {}): UpstreamAnswer => ({
  ok: false,
  status,
  code: undefined,
  retryAfter: undefined,
  announced: undefined,
  ...over,
});
export const bodyAnswer = (text: string): UpstreamAnswer => ({ ok: true, body: text, announced: undefined });
export const HTML = '<!doctype html><html></html>';

/** What the HTTP client makes of answers that are not usable, each with the reason that the service gives. */
export const UNUSABLE: readonly (readonly [name: string, answer: UpstreamAnswer | Error, reason: string])[] = [
  ['500', errorAnswer(500, { code: 'INTERNAL_SERVER_ERROR' }), 'UNAVAILABLE'],
  ['503 with HTML', errorAnswer(503), 'UNAVAILABLE'],
  ['408', errorAnswer(408, { code: 'REQUEST_TIMEOUT' }), 'UNAVAILABLE'],
  ['200 with HTML', bodyAnswer(HTML), 'MALFORMED'],
  ['200 with null', bodyAnswer('null'), 'MALFORMED'],
  ['200 with []', bodyAnswer('[]'), 'MALFORMED'],
  ['200 with truncated JSON', bodyAnswer('{"total":1,"items":[{"id'), 'MALFORMED'],
  ['200 with an error', bodyAnswer('{"error_code":"NOT_FOUND","message":"none"}'), 'MALFORMED'],
  ['204', errorAnswer(204), 'UNAVAILABLE'],
  ['308 to another host', errorAnswer(308), 'UNAVAILABLE'],
  ['400 with HTML', errorAnswer(400), 'REJECTED'],
  ['401 without a body', errorAnswer(401), 'REFUSED'],
  ['401 INVALID_TOKEN', errorAnswer(401, { code: 'INVALID_TOKEN' }), 'REFUSED'],
  ['402', errorAnswer(402), 'REFUSED'],
  ['403 without a body', errorAnswer(403), 'REFUSED'],
  ['403 FORBIDDEN of every group', errorAnswer(403, { code: 'FORBIDDEN' }), 'REFUSED'],
  ['403 INSUFFICIENT_BALANCE', errorAnswer(403, { code: 'INSUFFICIENT_BALANCE' }), 'REFUSED'],
  ['403 QUOTA_EXCEEDED', errorAnswer(403, { code: 'QUOTA_EXCEEDED' }), 'QUOTA_EXCEEDED'],
  ['404 with HTML', errorAnswer(404), 'UNAVAILABLE'],
  ['407', errorAnswer(407), 'REFUSED'],
  ['409 of every group', errorAnswer(409, { code: 'GROUP_LOCKED' }), 'REJECTED'],
  ['421', errorAnswer(421), 'REJECTED'],
  ['451', errorAnswer(451), 'REJECTED'],
  ['500 with an unknown group’s code', errorAnswer(500, { code: 'NOT_FOUND' }), 'UNAVAILABLE'],
  ['no connection', new UpstreamError('UNAVAILABLE', 'AnyCheck could not be reached'), 'UNAVAILABLE'],
];
