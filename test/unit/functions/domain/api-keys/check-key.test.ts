import { describe, expect, it, vi } from 'vitest';
import type { ApiKey } from '../../../../../functions/domain/api-keys/api-key.ts';
import { checkKey, hashOf } from '../../../../../functions/domain/api-keys/check-key.ts';
import { keyText, parseKey } from '../../../../../functions/domain/api-keys/key-text.ts';

const NOW = Date.UTC(2026, 10, 29);
const [ID, CURRENT, PREVIOUS, OTHER] = ['0123456789abcdef', 'a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)];
const key: ApiKey = {
  id: ID,
  name: 'Loan origination',
  role: 'viewer',
  createdBy: 'an-admin',
  createdAt: NOW,
  rotated: undefined,
  expiresAt: NOW + 1000,
  lifetimeDays: 90,
  secrets: [
    { hash: hashOf(CURRENT), until: undefined },
    { hash: hashOf(PREVIOUS), until: NOW + 500 },
  ],
  revision: 2,
};
const find = async (id: string) => (id === ID ? key : undefined);

describe('a key', () => {
  it('is its prefix, its id, 256 bits and a checksum, and reads as what it was made of', () => {
    const text = keyText(ID, CURRENT);
    expect(text).toMatch(/^acsnap_[0-9a-f]{16}_[0-9a-f]{64}_[0-9a-f]{8}$/);
    expect(parseKey(text)).toEqual({ id: ID, secret: CURRENT });
  });

  it('has a checksum that every changed character breaks, so no table is read', async () => {
    const text = keyText(ID, CURRENT);
    const changed = Array.from(
      text,
      (character, i) => text.slice(0, i) + (character === '0' ? '1' : '0') + text.slice(i + 1),
    );
    const found = vi.fn(find);
    for (const one of [...changed, '', ` ${text}`, `${text}0`, text.toUpperCase(), 'ak_live_5f2d', text.slice(0, -9)]) {
      expect(await checkKey(found, one, NOW)).toEqual({ kind: 'unknown' });
    }
    expect(found).not.toHaveBeenCalled();
  });

  it.each([
    ['the current secret', CURRENT, NOW + 999, { kind: 'valid', id: ID, role: 'viewer' }],
    ['the current secret at its end', CURRENT, NOW + 1000, { kind: 'expired', id: ID }],
    ['a replaced secret', PREVIOUS, NOW + 499, { kind: 'valid', id: ID, role: 'viewer' }],
    ['a replaced secret at its end', PREVIOUS, NOW + 500, { kind: 'expired', id: ID }],
    ['another secret', OTHER, NOW, { kind: 'unknown' }],
  ])('with %s', async (_, secret, now, verdict) => {
    expect(await checkKey(find, keyText(ID, secret), now)).toEqual(verdict);
  });

  it('that does not exist is unknown', async () => {
    expect(await checkKey(find, keyText('f'.repeat(16), CURRENT), NOW)).toEqual({ kind: 'unknown' });
  });
});
