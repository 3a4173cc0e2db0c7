/** A list in pages of 100, as served. */
export type Pages = readonly string[];

export const samePages = (one: Pages, other: Pages): boolean => one.join('\n') === other.join('\n');

/** The texts of a list's items. The items of these tests hold no list. */
const itemsIn = (pages: Pages): readonly string[] =>
  pages.flatMap((page) => /"items":\[(.*)\]\}$/.exec(page)?.[1]?.split(/(?<=\}),/) ?? []);

/** Whether two lists have the same items, in any order. */
export const sameItems = (one: Pages, other: Pages): boolean =>
  samePages(itemsIn(one).toSorted(), itemsIn(other).toSorted());

/** Whether the last items of a list are all items of the other. */
export const endsWith = (pages: Pages, listed: Pages): boolean => {
  const expected = itemsIn(listed);
  return samePages(itemsIn(pages).slice(-expected.length), expected);
};
