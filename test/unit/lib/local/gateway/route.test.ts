import { expect, it } from 'vitest';
import { createRouter } from '../../../../../lib/local/gateway/route.ts';

const routerOf = (...keys: string[]) => {
  const route = createRouter(keys.map((key) => ({ key, target: undefined })));
  return (method: string, path: string) => {
    const match = route(method, path);
    return match && [match.route.key, match.parameters];
  };
};

const pets = routerOf(
  '$default',
  'GET /{proxy+}',
  'GET /pets/{proxy+}',
  'GET /pets/{id}',
  'GET /pets/dog',
  'POST /pets/{id}/toys/{toy}',
);

it.each([
  ['GET', '/pets/dog', 'GET /pets/dog', undefined],
  ['PUT', '/pets/dog', '$default', undefined],
  ['GET', '/pets/7', 'GET /pets/{id}', { id: '7' }],
  ['GET', '/pets/7/toys', 'GET /pets/{proxy+}', { proxy: '7/toys' }],
  ['POST', '/pets/7/toys/ball', 'POST /pets/{id}/toys/{toy}', { id: '7', toy: 'ball' }],
  ['POST', '/pets/7', '$default', undefined],
  ['GET', '/pets', 'GET /{proxy+}', { proxy: 'pets' }],
  ['GET', '/', '$default', undefined],
])('%s %s is answered by %s', (method, path, key, parameters) => {
  expect(pets(method, path)).toEqual([key, parameters]);
});

it.each([
  ['another method', 'POST', '/health'],
  ['a longer path', 'GET', '/health/x'],
  ['a slash at the end', 'GET', '/health/'],
  ['other letters', 'GET', '/Health'],
  ['an empty variable', 'GET', '/pets/'],
])('nothing answers %s where there is no $default', (_, method, path) => {
  expect(routerOf('GET /health', 'GET /pets/{id}')(method, path)).toBeUndefined();
});
