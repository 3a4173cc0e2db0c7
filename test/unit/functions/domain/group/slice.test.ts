import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemTexts, joinedIn, pack, unpack } from '../../../../../functions/domain/group/pages.ts';

/** JSON without line breaks, some of it long enough for each form that the frame's header has for a length. */
const text = fc.oneof(
  fc.json().map((one) => JSON.stringify(one)),
  fc.integer({ min: 1, max: 200_000 }).map((length) => `"${'ü“'.repeat(length / 2)}"`),
);
const pages = fc.array(fc.array(text, { maxLength: 5 }), { maxLength: 4 });

describe('a slice of packed pages', () => {
  it('holds what was packed', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), (texts) => {
        expect(unpack(pack(texts))).toEqual(texts);
      }),
    );
  });

  it('gives its items joined as it gives them one by one', () => {
    fc.assert(
      fc.property(pages, fc.nat(8), fc.nat(8), (all, skip, size) => {
        const slice = { packed: all.map(pack), skip, size };
        const texts = all.flat().slice(skip, skip + size);
        expect(itemTexts(slice)).toEqual(texts);
        expect(Buffer.concat(joinedIn(slice)).toString()).toBe(texts.join());
      }),
    );
  });
});
