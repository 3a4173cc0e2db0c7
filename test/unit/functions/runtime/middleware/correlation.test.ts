import { expect, it } from 'vitest';
import { currentRequest } from '../../../../../functions/runtime/correlation.ts';
import { lambda } from '../../../../../functions/runtime/lambda.ts';
import { correlation } from '../../../../../functions/runtime/middleware/correlation.ts';
import { lambdaContext } from '../../../../fakes/http-event.ts';

const requestIn = (middleware: ReturnType<typeof correlation<string>>) =>
  lambda<string, string | undefined>()
    .use([middleware])
    .handler(async () => currentRequest());

it('while an event is handled, the request that it names is the current one', async () => {
  expect(await requestIn(correlation((event) => event))('the-request', lambdaContext())).toBe('the-request');
});

it('an event that names no request stands for its own invocation', async () => {
  const never = correlation<string>(() => undefined);
  expect(await requestIn(never)('x', lambdaContext())).toBe('the-invocation');
  expect(await requestIn(correlation())('x', lambdaContext())).toBe('the-invocation');
});

it('an event whose request can’t be read fails as a request of its own, not of the event before it', async () => {
  await requestIn(correlation((event) => event))('the-request', lambdaContext());
  const unreadable = correlation<string>(() => {
    throw new Error('malformed');
  });
  await expect(requestIn(unreadable)('x', lambdaContext())).rejects.toThrow('malformed');
  expect(currentRequest()).toBe('the-invocation');
});
