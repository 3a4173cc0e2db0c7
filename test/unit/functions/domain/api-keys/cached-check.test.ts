import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiKey } from '../../../../../functions/domain/api-keys/api-key.ts';
import { cachedCheck } from '../../../../../functions/domain/api-keys/cached-check.ts';
import { hashOf } from '../../../../../functions/domain/api-keys/check-key.ts';
import { keyText } from '../../../../../functions/domain/api-keys/key-text.ts';
import { newKey, newSecret } from '../../../../fakes/api-keys.ts';

const START = Date.UTC(2026, 10, 29);
const CACHE_MS = 60_000;
let at = START;
let stored: Map<string, ApiKey>;
const find = vi.fn(async (id: string) => stored.get(id));
const checkOf = (cacheMs = CACHE_MS) => cachedCheck({ keys: { find }, cacheMs, now: () => at });

beforeEach(() => {
  at = START;
  stored = new Map();
  find.mockClear();
});

function hold(parts: Partial<ApiKey> = {}) {
  const made = newKey({ expiresAt: START + 1_000_000, ...parts });
  stored.set(made.key.id, made.key);
  return { ...made, valid: { kind: 'valid', id: made.key.id, role: 'viewer' } };
}

describe('a key', () => {
  it('is read once within the time of the cache, and again after it', async () => {
    const [check, { text, valid }] = [checkOf(), hold()];
    for (const [later, reads] of [
      [0, 1],
      [CACHE_MS - 1, 1],
      [CACHE_MS, 2],
    ] as const) {
      at = START + later;
      expect(await check(text)).toEqual(valid);
      expect(find).toHaveBeenCalledTimes(reads);
    }
  });

  it('is read at each call where nothing may be remembered', async () => {
    const [check, { text, valid }] = [checkOf(0), hold()];
    expect([await check(text), await check(text)]).toEqual([valid, valid]);
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('that is revoked works no longer than the time of the cache from its read', async () => {
    const [check, { text, key, valid }] = [checkOf(), hold()];
    await check(text);
    stored.delete(key.id);
    at += CACHE_MS - 1;
    expect(await check(text)).toEqual(valid);
    at += 1;
    expect(await check(text)).toEqual({ kind: 'unknown' });
  });

  it('ends on the millisecond, remembered or not', async () => {
    const [check, { text, key, valid }] = [checkOf(), hold({ expiresAt: START + 10 })];
    expect(await check(text)).toEqual(valid);
    at += 10;
    expect(await check(text)).toEqual({ kind: 'expired', id: key.id });
  });

  it('that was rotated works with the new secret at once, also where the old record is remembered', async () => {
    const [check, { text, key, valid }] = [checkOf(), hold()];
    await check(text);
    const secret = newSecret();
    const secrets = [
      { hash: hashOf(secret), until: undefined },
      { hash: key.secrets[0].hash, until: START + 20 },
    ] as const;
    stored.set(key.id, { ...key, secrets });
    expect(await check(keyText(key.id, secret))).toEqual(valid);
    expect(await check(text)).toEqual(valid);
    at += 20;
    expect(await check(text)).toEqual({ kind: 'expired', id: key.id });
  });

  it('that gets more time works at once', async () => {
    const [check, { text, key, valid }] = [checkOf(), hold({ expiresAt: START + 10 })];
    await check(text);
    at += 10;
    stored.set(key.id, { ...key, expiresAt: START + 1_000_000 });
    expect(await check(text)).toEqual(valid);
  });

  it('that is unknown is not remembered: it works from when it exists', async () => {
    const check = checkOf();
    const { text, key } = newKey({ expiresAt: START + 1_000_000 });
    expect(await check(text)).toEqual({ kind: 'unknown' });
    stored.set(key.id, key);
    expect(await check(text)).toMatchObject({ kind: 'valid' });
  });

  it('is not what a text of another form is: nothing is read', async () => {
    expect(await checkOf()('sandbox-api-key')).toEqual({ kind: 'unknown' });
    expect(find).not.toHaveBeenCalled();
  });

  it('fails with the error of its read', async () => {
    find.mockRejectedValueOnce(new Error('no table'));
    await expect(checkOf()(hold().text)).rejects.toThrow('no table');
  });
});

it('remembers a bounded number of keys, and forgets the oldest', async () => {
  const check = checkOf();
  const texts = Array.from({ length: 1_001 }, () => hold().text);
  for (const text of texts) await check(text);
  find.mockClear();
  await check(texts.at(-1) ?? '');
  expect(find).not.toHaveBeenCalled();
  await check(texts[0] ?? '');
  expect(find).toHaveBeenCalledTimes(1);
});
