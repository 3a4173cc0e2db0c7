import { expect, it } from 'vitest';
import { outcomeText } from '../../../../../../../functions/console/page/views/webhooks/outcome.ts';
import { ATTEMPT_ERRORS } from '../../../../../../../functions/domain/webhooks/delivery.ts';

it('names the status of an answer', () => {
  expect(outcomeText({ status: 503, error: null, duration_ms: 112 })).toBe('answered 503 after 112 ms');
});

it('explains each reason for which there is no answer', () => {
  for (const error of ATTEMPT_ERRORS) {
    const text = outcomeText({ status: null, error, duration_ms: 3 });
    expect(text).toMatch(new RegExp(`^${error} after 3 ms: \\w.{15,}$`));
  }
});
