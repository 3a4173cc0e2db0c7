import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf, documentClient } from '../../../../../../functions/adapters/dynamodb/requests/document-client.ts';

it('decodes the base64 text of any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(bytesOf(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
    }),
  );
});

it.each(['A', 'AAA', 'AA=A', 'AA*A', 'A===', 'AAAA====', 'AAAA\n', 'AAé='])(
  'refuses %j, which is not base64',
  (text) => {
    expect(() => bytesOf(text)).toThrow(TypeError);
  },
);

it('runs no middleware that copies inputs and outputs for a logger', () => {
  const { middlewareStack } = documentClient(1, 1_000, { region: 'eu-west-1' });
  expect(middlewareStack.identify().join()).not.toMatch(/logger/i);
});
