import { describe, expect, it } from 'vitest';
import { errors } from '../../../../../functions/runtime/middleware/errors.ts';
import { ApiError } from '../../../../../functions/runtime/rest/api-error.ts';
import { httpEvent } from '../../../../fakes/http-event.ts';
import { printedLines } from '../../../../fakes/printed.ts';
import { through } from './around.ts';

const lines = printedLines();
const failing = (error: unknown) =>
  through([errors()], () => Promise.reject(error), httpEvent({ routeKey: 'GET /verifications' }));

describe('an ApiError', () => {
  it('is answered with its status, in AnyCheck’s shape, and logged nowhere below 500', async () => {
    const fault = [{ field: 'page_size', message: 'page_size is empty.' }];
    const error = new ApiError(400, 'INVALID_REQUEST', 'The request is not valid.', { errors: fault });
    const { body, ...answer } = await failing(error);
    expect(answer).toEqual({ statusCode: 400, headers: {}, isBase64Encoded: false });
    expect(JSON.parse(body ?? '')).toEqual({
      error_code: 'INVALID_REQUEST',
      message: 'The request is not valid.',
      errors: fault,
    });
    expect(lines).toEqual([]);
  });

  it('says after how many seconds to try again', async () => {
    const { headers } = await failing(new ApiError(429, 'QUOTA_EXCEEDED', 'Too many.', { retryAfter: 60 }));
    expect(headers).toEqual({ 'retry-after': '60' });
  });

  it.each([
    [401, { 'www-authenticate': 'Bearer' }],
    [415, { 'accept-encoding': 'gzip' }],
  ])('of %i names what the caller can send instead', async (status, headers) => {
    expect(await failing(new ApiError(status, 'INVALID_REQUEST', 'No.'))).toMatchObject({
      statusCode: status,
      headers,
    });
  });

  it.each(['INVALID_API_KEY', 'API_KEY_EXPIRED'] as const)(
    'of 401 %s names keys as the way to authenticate, not tokens',
    async (code) => {
      const { headers } = await failing(new ApiError(401, code, 'No.'));
      expect(headers).toEqual({ 'www-authenticate': 'ApiKey' });
    },
  );

  it('of 5xx is logged with its route, its status and its cause’s kind, never with a message', async () => {
    const cause = new RangeError('BUDI');
    expect(await failing(new ApiError(503, 'INTERNAL_SERVER_ERROR', 'Later.', { cause }))).toMatchObject({
      statusCode: 503,
    });
    expect(lines).toMatchObject([
      { level: 'error', event: 'request.failed', route: 'GET /verifications', status: 503, error: 'RangeError' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('BUDI');
  });
});

it.each([new Error('BUDI SANTOSO'), 'BUDI', undefined])(
  'anything else that is thrown (%s) is a 500 that says nothing internal',
  async (thrown) => {
    const { statusCode, body } = await failing(thrown);
    expect(statusCode).toBe(500);
    expect(JSON.parse(body ?? '')).toEqual({
      error_code: 'INTERNAL_SERVER_ERROR',
      message: expect.stringContaining('request id'),
    });
    expect(lines).toMatchObject([{ event: 'request.failed', status: 500 }]);
    expect(JSON.stringify([body, lines])).not.toContain('BUDI');
  },
);
