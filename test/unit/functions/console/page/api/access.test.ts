import { describe, expect, it } from 'vitest';
import { type Caller, mayCall } from '../../../../../../functions/console/page/api/access.ts';
import { VIEWS } from '../../../../../../functions/console/page/url/place.ts';
import { mayOpen } from '../../../../../../functions/console/page/views/may-open.ts';

const person = (role: Caller['role']): Caller => ({ who: 'user', role, is_person: true });
const machine = (role: Caller['role']): Caller => ({ who: 'machine', role, is_person: false });
const viewsOf = (caller: Caller | undefined) =>
  VIEWS.filter((view) => mayOpen(view, (route) => mayCall(caller, route)));

describe('what a caller may do on the page', () => {
  it.each([
    ['a viewer', person('viewer'), ['groups', 'group']],
    ['an operator', person('operator'), ['groups', 'group', 'health', 'webhooks']],
    ['an admin', person('admin'), ['groups', 'group', 'health', 'webhooks', 'keys']],
    ['a machine with the role admin', machine('admin'), ['groups', 'group', 'health', 'webhooks']],
    ['a user without a role', undefined, ['groups', 'group']],
  ])('lets %s open the views of the role', (_, caller, views) => {
    expect(viewsOf(caller)).toEqual(views);
  });

  it('lets an operator refresh, and only an admin erase', () => {
    const steps = ['POST /groups/{result_id}/refresh', 'DELETE /groups/{result_id}'] as const;
    const may = (caller: Caller) => steps.map((step) => mayCall(caller, step));
    expect([person('viewer'), person('operator'), person('admin')].map(may)).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
  });
});
