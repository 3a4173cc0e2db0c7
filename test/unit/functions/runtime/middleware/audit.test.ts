import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { routes } from '../../../../../functions/routes.ts';
import { audit } from '../../../../../functions/runtime/middleware/audit.ts';
import { ApiError } from '../../../../../functions/runtime/rest/api-error.ts';
import { httpEvent, lambdaContext } from '../../../../fakes/http-event.ts';
import { printedLines } from '../../../../fakes/printed.ts';
import { through } from './around.ts';

const lines = printedLines();
const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const event = httpEvent({ pathParameters: { result_id: ID } });
const context = (left?: () => number) => ({
  ...lambdaContext(left),
  caller: { kind: 'person' as const, who: 'someone', role: 'viewer' as const },
});
const middlewares = [audit(routes.getGroup, '/key/groups/{result_id}')];
const line = (outcome: number) => ({
  audit: 'GET /key/groups/{result_id}',
  at: expect.any(String),
  who: 'someone',
  groups: [ID],
  outcome,
  request: 'the-request',
});

describe('the audit line of a call', () => {
  it('names the path that was called, and the status of the answer', async () => {
    await through(middlewares, async () => ({ statusCode: 304 }), event, context());
    expect(lines).toEqual([line(304)]);
  });

  it.each([
    ['that was refused, the status of the refusal', new ApiError(404, 'NOT_FOUND', 'None.'), 404],
    ['that failed, 500', new Error('fault'), 500],
  ])('records a call %s, and rethrows the error', async (_, error, outcome) => {
    await expect(through(middlewares, () => Promise.reject(error), event, context())).rejects.toBe(error);
    expect(lines).toEqual([line(outcome)]);
  });

  it('is left as 500 before the function’s time is over, and again where the call ends after all', async () => {
    const call = through(
      middlewares,
      async () => {
        await sleep(60);
        expect(lines).toEqual([line(500)]);
        return { statusCode: 200 };
      },
      event,
      context(() => 260),
    );
    await call;
    expect(lines).toEqual([line(500), line(200)]);
  });

  it('is not left by what failed before it was known who calls', async () => {
    const outer = { before: () => Promise.reject(new Error('fault')) };
    await expect(through([outer, ...middlewares], async () => ({ statusCode: 200 }), event)).rejects.toThrow('fault');
    expect(lines).toEqual([]);
  });
});
