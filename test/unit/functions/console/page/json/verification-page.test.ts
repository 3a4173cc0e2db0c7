import { describe, expect, it } from 'vitest';
import { patchesIn, verificationPage } from '../../../../../../functions/console/page/json/verification-page.ts';

describe('slices of an answer', () => {
  it('are the source texts of the items and of the total', () => {
    const body = '{"total":2,"overall_status":null,"items":[{"id":"a","n":1.10},{"id":"b","n":12345678901234567890}]}';
    expect(verificationPage(body)).toEqual({
      total: '2',
      items: ['{"id":"a","n":1.10}', '{"id":"b","n":12345678901234567890}'],
    });
  });

  it('are the source texts of the patches, in the order of the verifications', () => {
    const patch = '[{"op":"replace","path":"/n","value":1.10}]';
    const body = `{"from":1,"verifications":[{"change":"added"},{"change":"changed","patch":${patch}}]}`;
    expect(patchesIn(body)).toEqual([undefined, patch]);
  });
});
