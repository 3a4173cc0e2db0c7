import { expect, it } from 'vitest';
import { listVerifications } from '../../../../functions/verifications/routes.ts';

it('builds the schema of its answer on demand, once', () => {
  const answer = listVerifications.answers[200];
  expect(Object.getOwnPropertyDescriptor(answer, 'schema')?.get).toBeTypeOf('function');
  expect(answer.schema).toBe(answer.schema);
  expect(answer.schema.safeParse({ total: 1, overall_status: null, items: [{ id: 'a' }] }).success).toBe(true);
});
