/** The smallest comes first. */
export interface Heap<T> {
  push(item: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
}

/** @param before whether one comes before another. */
export function heap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];

  function place(item: T, from: number, next: (at: number) => number | undefined): void {
    let at = from;
    for (let to = next(at); to !== undefined; to = next(at)) {
      const other = items[to];
      if (other === undefined) break;
      items[at] = other;
      at = to;
    }
    items[at] = item;
  }

  return {
    push(item) {
      items.push(item);
      place(item, items.length - 1, (at) => {
        const parent = (at - 1) >> 1;
        const above = items[parent];
        return at > 0 && above !== undefined && before(item, above) ? parent : undefined;
      });
    },
    peek: () => items[0],
    pop() {
      const [first] = items;
      const last = items.pop();
      if (last !== undefined && items.length > 0) {
        place(last, 0, (at) => {
          const [left, right] = [items[2 * at + 1], items[2 * at + 2]];
          if (left === undefined) return undefined;
          const isRight = right !== undefined && before(right, left);
          const child = isRight ? right : left;
          return before(child, last) ? 2 * at + (isRight ? 2 : 1) : undefined;
        });
      }
      return first;
    },
  };
}
