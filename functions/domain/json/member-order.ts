/** Up to this many bytes, a loop copies faster than a call of `Buffer.copy`. */
const SHORT = 64;

/**
 * Cuts a JSON source into parts, and puts the members of its objects into the order of their keys' bytes. Duplicate keys
 * keep their order. It moves positions, and copies the bytes once, at the end. One at a time is used: all share arrays.
 */
export interface MemberOrder {
  open(): void;
  /** A member of the innermost open object begins. Its key is in the source from `start` to `end`, including its quotes. */
  key(start: number, end: number): void;
  /** The innermost open object's brace is at `at`. */
  close(at: number): void;
  leaveOut(start: number, end: number): void;
  /** Returns what was not left out, in order. */
  ordered(): Uint8Array;
}

/** Members of the largest object whose order is cached, and the number of cached orders. */
const MAX_CACHED_MEMBERS = 64;
const MAX_CACHED_ORDERS = 256;
/**
 * The sorted order of an object's members, by the lengths of its keys. Verifications and the records of a list mostly have
 * the same keys in the same order, so this order is tried before a sort. It holds positions only, no content.
 */
const lastOrders = new Map<number, readonly number[]>();

/** Numbers of a member: the start and the end of its key, and the index of its first part. */
const MEMBER = 3;
/** Numbers of a part: its start and its end. */
const PART = 2;
/** Numbers of an array that is kept for the next source. */
const KEPT = 4096;

// They hold positions only, no content.
let members = new Int32Array(KEPT);
let parts = new Int32Array(KEPT);
let moved = new Int32Array(KEPT);

export function memberOrder(source: Buffer): MemberOrder {
  let memberEnd = 0;
  let partEnd = 0;
  /** The start of the part that is not among `parts` yet. */
  let begun = 0;
  /** The first member of each open object. */
  const firsts: number[] = [];

  function cut(end: number, next: number): void {
    if (end > begun) {
      if (partEnd + PART > parts.length) parts = grown(parts);
      parts[partEnd++] = begun;
      parts[partEnd++] = end;
    }
    begun = next;
  }

  function compare(a: number, b: number): number {
    const startA = members[a] ?? 0;
    const startB = members[b] ?? 0;
    const lengthA = (members[a + 1] ?? 0) - startA - 1;
    const lengthB = (members[b + 1] ?? 0) - startB - 1;
    const length = Math.min(lengthA, lengthB);
    for (let k = 1; k < length; k++) {
      const difference = (source[startA + k] ?? 0) - (source[startB + k] ?? 0);
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB || a - b;
  }

  function isInOrder(first: number, order: readonly number[]): boolean {
    for (let k = 1; k < order.length; k++) {
      if (compare(first + MEMBER * (order[k - 1] ?? 0), first + MEMBER * (order[k] ?? 0)) > 0) return false;
    }
    return true;
  }

  /** @returns the order of the members from `first` on; undefined where they are in order. */
  function orderFrom(first: number): readonly number[] | undefined {
    let member = first + MEMBER;
    while (member < memberEnd && compare(member - MEMBER, member) < 0) member += MEMBER;
    if (member >= memberEnd) return undefined;
    let lengths = 0;
    for (member = first; member < memberEnd; member += MEMBER) {
      lengths = (Math.imul(lengths, 31) + (members[member + 1] ?? 0) - (members[member] ?? 0)) | 0;
    }
    const count = (memberEnd - first) / MEMBER;
    const last = lastOrders.get(lengths);
    if (last?.length === count && isInOrder(first, last)) return last;
    const order = Array.from({ length: count }, (_, k) => k);
    order.sort((a, b) => compare(first + MEMBER * a, first + MEMBER * b));
    if (count <= MAX_CACHED_MEMBERS) {
      if (lastOrders.size === MAX_CACHED_ORDERS) lastOrders.clear();
      lastOrders.set(lengths, order);
    }
    return order;
  }

  /** Moves the parts of an object's members. Each member but the object's last one ends with its comma. */
  function arrange(first: number, order: readonly number[]): void {
    const from = members[first + 2] ?? 0;
    const length = partEnd - from;
    if (length > moved.length) moved = new Int32Array(parts.length);
    for (let k = 0; k < length; k++) moved[k] = parts[from + k] ?? 0;
    const firstEnd = (members[first + MEMBER + 2] ?? 0) - from;
    const commaEnd = moved[firstEnd - 1] ?? 0;
    const last = order.length - 1;
    // One more part than before: the last member's new comma.
    if (partEnd + PART > parts.length) parts = grown(parts);
    partEnd = from;
    for (let k = 0; k <= last; k++) {
      const member = order[k] ?? 0;
      const at = first + MEMBER * member;
      const end = member === last ? length : (members[at + MEMBER + 2] ?? 0) - from;
      for (let p = (members[at + 2] ?? 0) - from; p < end; p++) parts[partEnd++] = moved[p] ?? 0;
      if (k === last) {
        if (member !== last) parts[partEnd - 1] = (parts[partEnd - 1] ?? 0) - 1;
      } else if (member === last) {
        parts[partEnd++] = commaEnd - 1;
        parts[partEnd++] = commaEnd;
      }
    }
  }

  function joined(): Buffer {
    const out = Buffer.allocUnsafe(source.length);
    let to = 0;
    for (let p = 0; p < partEnd; ) {
      const start = parts[p] ?? 0;
      let end = parts[p + 1] ?? 0;
      // Parts that follow each other are copied at once.
      for (p += PART; p < partEnd && parts[p] === end; p += PART) end = parts[p + 1] ?? 0;
      if (end - start >= SHORT) to += source.copy(out, to, start, end);
      else for (let at = start; at < end; at++) out[to++] = source[at] ?? 0;
    }
    return out.subarray(0, to);
  }

  return {
    open() {
      firsts.push(memberEnd);
    },
    key(start, end) {
      cut(start, start);
      if (memberEnd + MEMBER > members.length) members = grown(members);
      members[memberEnd++] = start;
      members[memberEnd++] = end;
      members[memberEnd++] = partEnd;
    },
    close(at) {
      const first = firsts.pop() ?? 0;
      const order = memberEnd - first > MEMBER ? orderFrom(first) : undefined;
      if (order) {
        cut(at, at);
        arrange(first, order);
      }
      memberEnd = first;
    },
    leaveOut: cut,
    ordered() {
      cut(source.length, source.length);
      const out = joined();
      [members, parts, moved] = [kept(members), kept(parts), kept(moved)];
      return out;
    },
  };
}

type Numbers = Int32Array<ArrayBuffer>;

function grown(numbers: Numbers): Numbers {
  const more = new Int32Array(2 * numbers.length);
  more.set(numbers);
  return more;
}

const kept = (numbers: Numbers): Numbers => (numbers.length > KEPT ? new Int32Array(KEPT) : numbers);
