import { expect, it } from 'vitest';
import { annotateOptInRegion } from '../../../lib/opt-in-regions.ts';
import { stackOf } from '../../fakes/template.ts';

/** The notices of a synthesis whose deployment goes to a region. */
function noticesOf(region: string | undefined): unknown[] {
  const stack = stackOf();
  annotateOptInRegion(stack, region);
  return stack.node.metadata.filter(({ type }) => type === 'aws:cdk:info').map(({ data }) => data);
}

it('a deployment to Jakarta prints that the account must enable the region first', () => {
  expect(noticesOf('ap-southeast-3')).toEqual([expect.stringMatching(/^ap-southeast-3 .*must enable it before/)]);
});

it('a deployment to a region that is enabled by default, or to an unknown one, prints nothing', () => {
  expect(noticesOf('ap-southeast-1')).toEqual([]);
  expect(noticesOf(undefined)).toEqual([]);
});
