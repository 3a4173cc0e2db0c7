import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type Loaded, load } from '../../load/load.ts';

let loaded: Loaded;
beforeAll(async () => {
  loaded = await load({ assembly: inject('assembly'), seconds: 20, clients: 16 });
}, 240_000);

describe('while AnyCheck is slow, fails and flaps, and its groups change all the time', () => {
  it('no answer is wrong, and all is as AnyCheck has it soon after', () => {
    expect(loaded.wrong).toEqual([]);
  });

  it.each(['healthy', 'slow', 'failing', 'shifting', 'flapping'])(
    'every reader is answered, %s as it is',
    (conditions) => {
      const { 200: pages = 0, 304: _, ...errors } = loaded.answers[conditions] ?? {};
      expect(errors).toEqual({});
      expect(pages).toBeGreaterThan(0);
    },
  );

  it('every group changed; all versions were compared, and their history', () => {
    expect(loaded.versions).toBeGreaterThanOrEqual(2 * loaded.groups);
    expect(loaded.changes).toBeGreaterThanOrEqual(loaded.groups / 2);
  });
});
