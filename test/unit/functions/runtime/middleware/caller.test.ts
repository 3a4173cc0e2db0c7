import { expect, it } from 'vitest';
import { caller } from '../../../../../functions/runtime/middleware/caller.ts';
import { CLAIMS } from '../../../../fakes/claims.ts';
import { httpEvent, lambdaContext } from '../../../../fakes/http-event.ts';
import { through } from './around.ts';

it('the handler receives the caller and the role', async () => {
  const event = httpEvent({}, { sub: 'm1', client_id: 'm1', scope: 'anycheck-snapshots/operator' });
  const answer = await through(
    [caller(CLAIMS)],
    async (_, context) => ({ statusCode: 200, body: JSON.stringify(context.caller) }),
    event,
    lambdaContext(),
  );
  expect(answer.body).toBe('{"kind":"machine","who":"m1","role":"operator"}');
});
