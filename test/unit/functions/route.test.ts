import { expect, it } from 'vitest';
import { KEY_ROLES } from '../../../functions/domain/api-keys/api-key.ts';
import { pathsOf, type Route } from '../../../functions/route.ts';
import { routes } from '../../../functions/routes.ts';

const all = Object.entries<Route>(routes);

it('the routes that take keys are those of reads, groups and history', () => {
  const taking = all.filter(([, route]) => pathsOf(route).some(({ credential }) => credential === 'key'));
  expect(taking.map(([id]) => id)).toEqual([
    'listVerifications',
    'trackGroups',
    'listGroups',
    'getGroup',
    'refreshGroup',
    'groupHistory',
    'diffGroup',
  ]);
});

it.each(all)('%s takes keys only if a role of a key is enough, and not where it is for people', (_, route) => {
  if (!route.takesKeys) return;
  expect(KEY_ROLES).toContain(route.access);
  expect(route.isForPeople).toBeUndefined();
});

it('a path for keys is the path for tokens below /key', () => {
  expect(pathsOf(routes.getGroup)).toEqual([
    { path: '/groups/{result_id}', credential: 'token' },
    { path: '/key/groups/{result_id}', credential: 'key' },
  ]);
  expect(pathsOf(routes.health)).toEqual([{ path: '/health', credential: 'none' }]);
});
