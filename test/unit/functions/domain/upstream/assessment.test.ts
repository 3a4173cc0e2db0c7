import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessAnswer, assessError, refusedBy } from '../../../../../functions/domain/upstream/assessment.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';

const answer = (status: number, code?: string) =>
  ({ ok: false, status, code, retryAfter: undefined, announced: undefined }) as const;
const assess = (status: number, code?: string, isRenewable = false) => assessAnswer(answer(status, code), isRenewable);

describe('an error answer', () => {
  it.each([
    [404, 'NOT_FOUND', 'NOT_FOUND'],
    [404, 'RESULT_NOT_FOUND', 'NOT_FOUND'],
    [400, 'INVALID_REQUEST', 'REJECTED'],
    [400, 'INVALID_ID', 'REJECTED'],
    [422, 'INVALID_VALUE', 'REJECTED'],
    [422, 'INVALID_SOMETHING_NEW', 'REJECTED'],
    [409, 'ALREADY_EXISTS', 'REJECTED'],
  ])('%d %s refuses one group in AnyCheck’s words, so AnyCheck works', (status, code, reason) => {
    expect(assess(status, code)).toEqual({ verdict: 'usable', fault: 'group', reason });
  });

  it.each([
    [403, 'FORBIDDEN', 'group', 'REFUSED'],
    [409, 'GROUP_LOCKED', 'group', 'REJECTED'],
    [403, 'SOMETHING_NEW', 'group', 'REFUSED'],
    [403, 'INSUFFICIENT_BALANCE', 'account', 'REFUSED'],
    [403, 'QUOTA_EXCEEDED', 'account', 'QUOTA_EXCEEDED'],
    [400, 'QUOTA_EXCEEDED', 'account', 'QUOTA_EXCEEDED'],
    [401, 'UNAUTHORIZED', 'account', 'REFUSED'],
    [401, undefined, 'account', 'REFUSED'],
    [402, undefined, 'fleet', 'REFUSED'],
    [403, undefined, 'fleet', 'REFUSED'],
    [404, undefined, 'fleet', 'UNAVAILABLE'],
    [400, undefined, 'fleet', 'REJECTED'],
    [408, undefined, 'fleet', 'UNAVAILABLE'],
    [404, 'INTERNAL_SERVER_ERROR', 'fleet', 'UNAVAILABLE'],
    [500, 'NOT_FOUND', 'fleet', 'UNAVAILABLE'],
    [302, 'NOT_FOUND', 'fleet', 'UNAVAILABLE'],
    [204, undefined, 'fleet', 'UNAVAILABLE'],
  ] as const)('%d %s is unusable', (status, code, fault, reason) => {
    expect(assess(status, code)).toEqual({ verdict: 'unusable', fault, reason });
  });

  it.each([
    [429, undefined, false, 'THROTTLED'],
    [429, 'QUOTA_EXCEEDED', false, 'THROTTLED'],
    [401, 'API_KEY_EXPIRED', false, 'REFUSED'],
    [401, 'TOKEN_EXPIRED', true, 'REFUSED'],
    [401, undefined, true, 'REFUSED'],
  ] as const)('%d %s (renewable: %s) shows neither', (status, code, isRenewable, reason) => {
    expect(assess(status, code, isRenewable)).toMatchObject({ verdict: 'neutral', reason });
  });

  it('without AnyCheck’s shape is never usable, and never means that a group is unknown', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.boolean(), (status, isRenewable) => {
        const { verdict, reason } = assess(status, undefined, isRenewable);
        expect(verdict).not.toBe('usable');
        expect(reason).not.toBe('NOT_FOUND');
      }),
    );
  });

  it('is assessed whatever its code is, and its error repeats only a code that is spelled like AnyCheck’s', () => {
    const codes = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('constructor', '__proto__', 'toString'));
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), codes, (status, code) => {
        const assessment = assess(status, code);
        const { message } = refusedBy(answer(status, code), assessment, { fleetWide: false, retryAfter: undefined });
        expect(assessment.reason).toBeDefined();
        expect(message).toMatch(/^AnyCheck answered \d+( [A-Z_]{1,40})?$/);
      }),
    );
  });
});

describe('a call without a usable answer', () => {
  const error = (reason: UpstreamError['reason']) => new UpstreamError(reason, reason);

  it('is unusable, unless it is too large or its caller ended it', () => {
    expect(assessError(error('MALFORMED'), false)).toMatchObject({ verdict: 'unusable', fault: 'group' });
    expect(assessError(error('UNAVAILABLE'), false)).toMatchObject({ verdict: 'unusable', fault: 'fleet' });
    expect(assessError(error('TIMED_OUT'), false)).toMatchObject({ verdict: 'unusable', fault: 'fleet' });
    expect(assessError(error('TIMED_OUT'), true)).toMatchObject({ verdict: 'neutral', fault: 'nobody' });
    expect(assessError(error('TOO_LARGE'), false)).toMatchObject({ verdict: 'neutral', fault: 'group' });
  });
});
