import { expect, it, vi } from 'vitest';
import { ROLES } from '../../../../../functions/runtime/access/role.ts';
import { role } from '../../../../../functions/runtime/middleware/role.ts';
import { httpEvent, lambdaContext } from '../../../../fakes/http-event.ts';
import { through } from './around.ts';

const OK = { statusCode: 200 };

it('a caller with the role of a route, or a higher one, gets through', async () => {
  for (const [at, least] of ROLES.entries()) {
    for (const own of ROLES.slice(at)) {
      const context = { ...lambdaContext(), caller: { who: 'someone', role: own } };
      expect(await through([role(least)], async () => OK, httpEvent(), context)).toEqual(OK);
    }
  }
});

it.each([
  ['a lesser role', { who: 'someone', role: 'viewer' as const }, 'viewer'],
  ['no role', { who: 'someone', role: undefined }, 'none'],
])('a caller with %s is refused with 403, and the handler is not called', async (_, caller, has) => {
  const handler = vi.fn(async () => OK);
  const call = through([role('operator')], handler, httpEvent(), { ...lambdaContext(), caller });
  await expect(call).rejects.toMatchObject({
    status: 403,
    code: 'FORBIDDEN',
    message: `This needs the role operator; this token has ${has}.`,
  });
  expect(handler).not.toHaveBeenCalled();
});

it('a call of which nothing has said who makes it is refused', async () => {
  await expect(through([role('viewer')], async () => OK)).rejects.toMatchObject({ status: 403 });
});
