import { describe, expect, it } from 'vitest';
import { storedObject } from '../../../../../../functions/console/page/session/stored.ts';

const read = (text: string | null) => storedObject({ getItem: () => text }, 'key');

describe('an object in the storage of a tab', () => {
  it('is read by its key', () => {
    const storage = new Map([['login', '{"state":"s","search":"?view=keys"}']]);
    const object = storedObject({ getItem: (key) => storage.get(key) ?? null }, 'login');
    expect(object).toEqual({ state: 's', search: '?view=keys' });
  });

  it.each([null, '', '{', 'undefined', 'null', '7'])('is empty where the storage holds %j', (text) => {
    expect(read(text)).toEqual({});
  });
});
