import { COMMA } from './characters.ts';

/** Up to this many bytes, a loop copies faster than a call of `Buffer.copy`. */
const SHORT = 64;

function copy(source: Buffer, target: Buffer, at: number, start: number, end: number): number {
  if (end - start >= SHORT) return at + source.copy(target, at, start, end);
  let to = at;
  for (let i = start; i < end; i++) target[to++] = source[i] ?? 0;
  return to;
}

/** Sorts the members of objects in place, by the bytes of their keys. Duplicate keys keep their order. */
export interface MemberOrder {
  open(): void;
  /** A member of the innermost open object begins. Its key was written from `start` to `end`, including its quotes. */
  key(start: number, end: number): void;
  /** The innermost open object's last member was written up to `end`. */
  close(end: number): void;
}

/** Members of the largest object whose order is cached. */
const MAX_CACHED_MEMBERS = 64;
/**
 * The sorted order of the last object, by its number of members. Verifications and the records of a list mostly have
 * the same keys in the same order, so this order is tried before a sort. It holds positions only, no content.
 */
const lastOrders = new Map<number, readonly number[]>();

export function memberOrder(out: Buffer): MemberOrder {
  const starts: number[] = [];
  const keyEnds: number[] = [];
  /** The index of each open object's first member. */
  const firsts: number[] = [];
  let scratch: Buffer | undefined;
  function compare(a: number, b: number): number {
    const startA = starts[a] ?? 0;
    const startB = starts[b] ?? 0;
    const lengthA = (keyEnds[a] ?? 0) - startA - 1;
    const lengthB = (keyEnds[b] ?? 0) - startB - 1;
    const length = Math.min(lengthA, lengthB);
    for (let k = 1; k < length; k++) {
      const difference = (out[startA + k] ?? 0) - (out[startB + k] ?? 0);
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB || a - b;
  }

  function isInOrder(first: number, order: readonly number[]): boolean {
    for (let k = 1; k < order.length; k++) {
      if (compare(first + (order[k - 1] ?? 0), first + (order[k] ?? 0)) > 0) return false;
    }
    return true;
  }

  function sort(first: number, end: number): void {
    const count = starts.length - first;
    let order = lastOrders.get(count);
    if (!order || !isInOrder(first, order)) {
      order = Array.from({ length: count }, (_, k) => k).sort((a, b) => compare(first + a, first + b));
      if (count <= MAX_CACHED_MEMBERS) lastOrders.set(count, order);
    }
    if (order.every((member, k) => member === k)) return;
    scratch ??= Buffer.allocUnsafe(out.length);
    const begin = starts[first] ?? 0;
    copy(out, scratch, begin, begin, end);
    let to = begin;
    for (const member of order) {
      if (to > begin) out[to++] = COMMA;
      const next = starts[first + member + 1];
      to = copy(scratch, out, to, starts[first + member] ?? 0, next === undefined ? end : next - 1);
    }
  }

  return {
    open() {
      firsts.push(starts.length);
    },
    key(start, end) {
      starts.push(start);
      keyEnds.push(end);
    },
    close(end) {
      const first = firsts.pop() ?? 0;
      if (starts.length - first > 1) sort(first, end);
      starts.length = first;
      keyEnds.length = first;
    },
  };
}
