import { expect, it } from 'vitest';
import { DAY_MS, isNearEnd } from '../../../../../functions/domain/api-keys/api-key.ts';
import { apiKey } from '../../../../fakes/key-store.ts';

it.each([
  [365, 14],
  [90, 14],
  [56, 14],
  [40, 10],
  [14, 3.5],
  [1, 0.25],
])('a key of %d days ends soon from %d days before its end, until it ends', (lifetimeDays, before) => {
  const key = apiKey({ lifetimeDays });
  const at = key.expiresAt - before * DAY_MS;
  expect([at - 1, at, key.expiresAt - 1, key.expiresAt].map((now) => isNearEnd(key, now))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
