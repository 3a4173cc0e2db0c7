import { describe, expect, it, vi } from 'vitest';
import type { Caller } from '../../../../../functions/runtime/access/caller.ts';
import { ROLES, type Role } from '../../../../../functions/runtime/access/role.ts';
import { role } from '../../../../../functions/runtime/middleware/role.ts';
import { httpEvent, lambdaContext } from '../../../../fakes/http-event.ts';
import { through } from './around.ts';

const CLAIM = 'username';
const OK = { statusCode: 200 };

it('a caller with the role of a route, or a higher one, gets through', async () => {
  for (const [at, least] of ROLES.entries()) {
    for (const own of ROLES.slice(at)) {
      const context = { ...lambdaContext(), caller: { kind: 'person' as const, who: 'someone', role: own } };
      expect(await through([role(least, {}, CLAIM)], async () => OK, httpEvent(), context)).toEqual(OK);
    }
  }
});

it.each([
  ['a lesser role', { kind: 'person' as const, who: 'someone', role: 'viewer' as const }, 'viewer'],
  ['no role', { kind: 'person' as const, who: 'someone', role: undefined }, 'none'],
])('a caller with %s is refused with 403, and the handler is not called', async (_, caller, has) => {
  const handler = vi.fn(async () => OK);
  const call = through([role('operator', {}, CLAIM)], handler, httpEvent(), { ...lambdaContext(), caller });
  await expect(call).rejects.toMatchObject({
    status: 403,
    code: 'FORBIDDEN',
    message: `This needs the role operator; this token has ${has}.`,
  });
  expect(handler).not.toHaveBeenCalled();
});

it('a call of which nothing has said who makes it is refused', async () => {
  await expect(through([role('viewer', {}, CLAIM)], async () => OK)).rejects.toMatchObject({ status: 403 });
});

it('the refusal of a key that lacks the role speaks of a key', async () => {
  const caller = { kind: 'key' as const, who: 'key:1', role: 'viewer' as const };
  await expect(
    through([role('operator', {}, CLAIM)], async () => OK, httpEvent(), { ...lambdaContext(), caller }),
  ).rejects.toMatchObject({ status: 403, message: 'This needs the role operator; this key has viewer.' });
});

describe('a route for people', () => {
  const called = (kind: Caller['kind'], own: Role) =>
    through([role('admin', { isForPeople: true }, CLAIM)], async () => OK, httpEvent(), {
      ...lambdaContext(),
      caller: { kind, who: 'someone', role: own },
    });

  it('takes a person with the role, and no person without it', async () => {
    expect(await called('person', 'admin')).toEqual(OK);
    await expect(called('person', 'operator')).rejects.toMatchObject({ status: 403 });
  });

  it.each([
    ['machine', "this token is a machine's"],
    ['key', 'this is an API key'],
    ['unknown', 'this token has no text in the claim username'],
  ] as const)('refuses a caller of the kind %s that has the role', async (kind, what) => {
    await expect(called(kind, 'admin')).rejects.toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
      message: `Only a person may do this; ${what}.`,
    });
  });
});
