import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heaviestIncreasing, type Placed } from '../../../../../functions/domain/history/increasing.ts';

const weightOf = (chain: readonly Placed[]) => chain.reduce((sum, { weight }) => sum + weight, 0);
const increases = (chain: readonly Placed[]) => chain.every(({ at }, i) => i === 0 || at > (chain[i - 1]?.at ?? 0));

/** Every subsequence tried. */
function heaviest(sequence: readonly Placed[]): number {
  let best = 0;
  for (let bits = 0; bits < 2 ** sequence.length; bits++) {
    const chain = sequence.filter((_, i) => (bits >> i) & 1);
    if (increases(chain)) best = Math.max(best, weightOf(chain));
  }
  return best;
}

describe('the heaviest increasing subsequence', () => {
  it('increases, and none that increases is heavier', () => {
    const sequences = fc.uniqueArray(fc.record({ at: fc.nat(30), weight: fc.integer({ min: 1, max: 5 }) }), {
      selector: ({ at }) => at,
      maxLength: 9,
    });
    fc.assert(
      fc.property(sequences, (sequence) => {
        const indices = heaviestIncreasing(sequence);
        expect(indices).toEqual(indices.toSorted((a, b) => a - b));
        const chain = indices.flatMap((i) => sequence[i] ?? []);
        expect(chain).toHaveLength(indices.length);
        expect(increases(chain)).toBe(true);
        expect(weightOf(chain)).toBe(heaviest(sequence));
      }),
    );
  });

  it('is all of a long sequence that increases, and one member of one that decreases', () => {
    const places = Array.from({ length: 200_000 }, (_, at) => ({ at, weight: 1 }));
    expect(heaviestIncreasing(places)).toHaveLength(200_000);
    expect(heaviestIncreasing(places.toReversed())).toHaveLength(1);
  });
});
