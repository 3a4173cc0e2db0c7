import { describe, expect, it } from 'vitest';
import { encryptionKey, type Keyring } from '../../../../../functions/adapters/secrets/encryption-key.ts';
import { secretBox } from '../../../../../functions/adapters/secrets/secret-box.ts';
import { newSigningSecret } from '../../../../../functions/adapters/secrets/signing-secret.ts';

const [OLD, NEW] = [encryptionKey('o'.repeat(64)), encryptionKey('n'.repeat(64))];
const SECRET = newSigningSecret();
const boxWith = (...keyring: Keyring) => secretBox(async () => keyring);
const unreadable = { name: 'UnreadableSecret' };

describe('an encrypted secret', () => {
  it('opens to what was encrypted', async () => {
    const box = boxWith(NEW);
    for (const secret of [SECRET, '', 'ü'.repeat(1000)])
      expect(await box.open(await box.seal(secret, 'we_1', 1), 'we_1', 1)).toBe(secret);
  });

  it('is the id of its key, a nonce of 96 bits, and a ciphertext with a tag of 128 bits', async () => {
    const [id, nonce = '', text = ''] = (await boxWith(NEW).seal(SECRET, 'we_1', 1)).split('.');
    expect(id).toBe(NEW.id);
    expect(Buffer.from(nonce, 'base64url')).toHaveLength(12);
    expect(Buffer.from(text, 'base64url')).toHaveLength(SECRET.length + 16);
  });

  it('differs each time', async () => {
    const box = boxWith(NEW);
    const all = await Promise.all(Array.from({ length: 200 }, () => box.seal(SECRET, 'we_1', 1)));
    expect(new Set(all.map((one) => one.split('.')[1])).size).toBe(200);
  });

  it('opens for no other endpoint and no other version', async () => {
    const box = boxWith(NEW);
    const sealed = await box.seal(SECRET, 'we_1', 12);
    for (const [id, version] of [
      ['we_2', 12],
      ['we_1', 1],
      ['we_1', 2],
      ['we_1,1', 2],
      ['', 12],
    ] as const)
      await expect(box.open(sealed, id, version)).rejects.toMatchObject(unreadable);
  });

  it('opens with no other key, also where that one takes its name', async () => {
    const sealed = await boxWith(OLD).seal(SECRET, 'we_1', 1);
    await expect(boxWith(NEW).open(sealed, 'we_1', 1)).rejects.toMatchObject(unreadable);
    await expect(boxWith({ ...NEW, id: OLD.id }).open(sealed, 'we_1', 1)).rejects.toMatchObject(unreadable);
    const renamed = sealed.replace(OLD.id, NEW.id);
    await expect(boxWith({ ...OLD, id: NEW.id }).open(renamed, 'we_1', 1)).rejects.toMatchObject(unreadable);
  });

  it('does not open with any other character in it, nor cut or extended', async () => {
    const box = boxWith(NEW);
    const sealed = await box.seal(SECRET, 'we_1', 1);
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      await expect(box.open(sealed.slice(0, at) + other + sealed.slice(at + 1), 'we_1', 1)).rejects.toMatchObject(
        unreadable,
      );
      await expect(box.open(sealed.slice(0, at), 'we_1', 1)).rejects.toMatchObject(unreadable);
    }
    for (const more of ['A', '=', '.', '.A', ' ', '\n'])
      await expect(box.open(sealed + more, 'we_1', 1)).rejects.toMatchObject(unreadable);
  });

  it('is not quoted by the error', async () => {
    const error = await boxWith(NEW)
      .open(`${NEW.id}.AAAA.${SECRET.slice(6, 49)}`, 'we_1', 1)
      .catch((thrown) => thrown);
    expect(error).toMatchObject(unreadable);
    expect(error).not.toHaveProperty('cause');
    expect(error.message).not.toContain(SECRET.slice(6, 20));
  });
});

describe('a rotated keyring', () => {
  it('opens what an earlier key encrypted, encrypts with the new one, and knows which is which', async () => {
    const before = await boxWith(OLD).seal(SECRET, 'we_1', 1);
    const box = boxWith(NEW, OLD);
    expect(await box.open(before, 'we_1', 1)).toBe(SECRET);
    const after = await box.seal(SECRET, 'we_1', 1);
    expect(await Promise.all([before, after].map(box.isCurrent))).toEqual([false, true]);
    expect(await boxWith(NEW).open(after, 'we_1', 1)).toBe(SECRET);
  });

  it('is read anew for a key that the cached one does not have, and only then', async () => {
    const reads: boolean[] = [];
    const box = secretBox(async ({ anew } = { anew: false }) => {
      reads.push(anew);
      return anew ? [NEW, OLD] : [OLD];
    });
    await box.open(await boxWith(OLD).seal(SECRET, 'we_1', 1), 'we_1', 1);
    expect(reads).toEqual([false]);
    expect(await box.open(await boxWith(NEW).seal(SECRET, 'we_1', 1), 'we_1', 1)).toBe(SECRET);
    expect(reads).toEqual([false, false, true]);
  });
});

describe('an encryption key', () => {
  it('is derived from its text alone, and its id is no part of it', () => {
    const again = encryptionKey('o'.repeat(64));
    expect(again.id).toBe(OLD.id);
    expect(again.key.equals(OLD.key)).toBe(true);
    expect(NEW.id).not.toBe(OLD.id);
    expect(OLD.key.export()).toHaveLength(32);
    expect(OLD.id).toMatch(/^[\w-]{11}$/);
    expect(OLD.key.export().toString('base64url')).not.toContain(OLD.id);
  });

  it('is the same in all releases, so that what is stored still opens', async () => {
    const stored = '74nf7yNPI1Q.4BkbBnombBJZD-k-.HErH1nW8bPXqbvu7rrmG_ncbo0Vn8IdX6br381gQ7g';
    expect(await boxWith(OLD).open(stored, 'we_1', 1)).toBe('a stored secret');
  });
});
