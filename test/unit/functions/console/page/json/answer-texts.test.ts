import { describe, expect, it } from 'vitest';
import { diffTexts, verificationPage } from '../../../../../../functions/console/page/json/answer-texts.ts';

describe('slices of an answer', () => {
  it('are the source texts of the items and of the total', () => {
    const body = '{"total":2,"overall_status":null,"items":[{"id":"a","n":1.10},{"id":"b","n":12345678901234567890}]}';
    expect(verificationPage(body)).toEqual({
      total: '2',
      items: ['{"id":"a","n":1.10}', '{"id":"b","n":12345678901234567890}'],
    });
  });

  it('are the source texts of the totals and of the patches, in the order of the verifications', () => {
    const patch = '[{"op":"replace","path":"/n","value":1.10}]';
    const total = '{"from":2.0,"to":12345678901234567890}';
    const body = `{"from":1,"total":${total},"verifications":[{"change":"added"},{"change":"changed","patch":${patch}}]}`;
    expect(diffTexts(body)).toEqual({
      total: { from: '2.0', to: '12345678901234567890' },
      patches: [undefined, patch],
    });
  });
});
