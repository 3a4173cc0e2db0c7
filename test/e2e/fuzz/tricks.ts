import type fc from 'fast-check';
import { deep, framings, keys, large, notJson, shapes } from './body-tricks.ts';
import { headers, types } from './header-tricks.ts';
import { methods, paths, queries } from './line-tricks.ts';
import type { Sent } from './requests.ts';

/** What is done to a request that was right in most parts. */
export type Trick = fc.Arbitrary<(request: Sent) => Sent>;

interface Kind {
  /** How often it comes, beside the others. */
  readonly weight: number;
  readonly trick: Trick;
  /** Whether routes that take a body are to be met most. */
  readonly isOfBodies?: boolean;
  /** Whether it can make an erasure of any request: it names no group that has to come through unharmed. */
  readonly mayErase?: boolean;
}

/** The tricks, by the kind of request that they make. */
export const TRICKS: Readonly<Record<string, Kind>> = {
  'path tricks': { weight: 100, trick: paths },
  'query tricks': { weight: 100, trick: queries },
  'header tricks': { weight: 130, trick: headers },
  'other methods': { weight: 60, trick: methods, mayErase: true },
  'wrong framing': { weight: 60, trick: framings, isOfBodies: true },
  'wrong content type': { weight: 40, trick: types, isOfBodies: true },
  'body that is no JSON': { weight: 60, trick: notJson, isOfBodies: true },
  'duplicate and prototype keys': { weight: 60, trick: keys, isOfBodies: true },
  'deep nesting': { weight: 25, trick: deep, isOfBodies: true },
  'body of another shape': { weight: 80, trick: shapes, isOfBodies: true },
  'large body': { weight: 4, trick: large, isOfBodies: true },
};
