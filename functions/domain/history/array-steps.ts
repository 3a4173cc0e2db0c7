import { createPatch } from 'rfc6902';
import { heaviestIncreasing } from './increasing.ts';

/** One step from an array to another. Steps apply in order: `at` is an index into the result of the steps before. */
export type ArrayStep =
  | { readonly op: 'add'; readonly at: number; readonly to: string }
  | { readonly op: 'remove'; readonly at: number }
  | { readonly op: 'replace'; readonly at: number; readonly from: string; readonly to: string };

/**
 * Elements on each side up to which the library computes the fewest steps. It fills a table of both lengths,
 * and every entry holds all of its steps. 8 elements take 0.3 ms and 64 take 20 ms; thousands would take
 * gigabytes and overflow the stack.
 */
const MAX_TABLE_ELEMENTS = 8;

/** The elements between two elements that stay. */
interface Gap {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** The index in the resulting array at which it begins. Everything before it is final when its steps apply. */
  readonly at: number;
}

/**
 * Returns the steps from one array's elements to another's. Equal elements at both ends stay. Of the elements that are
 * in both arrays (the first of equal ones), as many stay as can keep their order. The gaps between them are mostly
 * small. A large gap is processed pair by pair: that takes more steps than necessary, but time and memory grow only
 * with its length.
 * @returns undefined where the result would need more than `maxSteps` steps.
 */
export function arraySteps(from: readonly string[], to: readonly string[], maxSteps: number): ArrayStep[] | undefined {
  const shorter = Math.min(from.length, to.length);
  let head = 0;
  while (head < shorter && from[head] === to[head]) head++;
  let tail = 0;
  while (tail < shorter - head && from.at(-1 - tail) === to.at(-1 - tail)) tail++;
  const middle = { from: from.slice(head, from.length - tail), to: to.slice(head, to.length - tail), at: head };
  const gaps = gapsIn(middle);
  if (gaps.reduce((sum, gap) => sum + sizeOf(gap), 0) > maxSteps) return undefined;
  return gaps.flatMap((gap) => (holdsMore(gap) ? fewestSteps(gap) : stepsInPairs(gap)));
}

const sizeOf = ({ from, to }: Gap) => Math.max(from.length, to.length);
/** Whether a gap is small enough for the library's table and has an element that can stay. */
const holdsMore = (gap: Gap) => sizeOf(gap) <= MAX_TABLE_ELEMENTS && gap.from.some((text) => gap.to.includes(text));

function gapsIn({ from, to, at }: Gap): Gap[] {
  const places = firstPlaces(from);
  const shared = [...firstPlaces(to)].flatMap(([text, there]) => {
    const here = places.get(text);
    return here === undefined ? [] : { here, there };
  });
  const staying = heaviestIncreasing(shared.map(({ here }) => ({ at: here, weight: 1 }))).flatMap(
    (i) => shared[i] ?? [],
  );
  let here = 0;
  let there = 0;
  return [...staying, { here: from.length, there: to.length }].flatMap((stay) => {
    const gap = { from: from.slice(here, stay.here), to: to.slice(there, stay.there), at: at + there };
    here = stay.here + 1;
    there = stay.there + 1;
    return gap.from.length + gap.to.length > 0 ? gap : [];
  });
}

/** Returns the first index of each element, in order. */
function firstPlaces(texts: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [i, text] of texts.entries()) if (!places.has(text)) places.set(text, i);
  return places;
}

function stepsInPairs({ from, to, at }: Gap): ArrayStep[] {
  return Array.from({ length: Math.max(from.length, to.length) }, (_, i): ArrayStep => {
    const [one, other] = [from[i], to[i]];
    if (other === undefined) return { op: 'remove', at: at + to.length };
    return one === undefined
      ? { op: 'add', at: at + i, to: other }
      : { op: 'replace', at: at + i, from: one, to: other };
  });
}

/** Returns the library's steps, each with the elements at its index when it applies. */
function fewestSteps({ from, to, at }: Gap): ArrayStep[] {
  const now = [...from];
  return createPatch([...from], [...to]).flatMap((step): ArrayStep[] => {
    const i = step.path === '/-' ? now.length : Number(step.path.slice(1));
    if (step.op === 'remove') {
      now.splice(i, 1);
      return [{ op: 'remove', at: at + i }];
    }
    if (step.op === 'add') {
      now.splice(i, 0, step.value);
      return [{ op: 'add', at: at + i, to: step.value }];
    }
    const [before = ''] = step.op === 'replace' ? now.splice(i, 1, step.value) : [];
    return step.op === 'replace' ? [{ op: 'replace', at: at + i, from: before, to: step.value }] : [];
  });
}
