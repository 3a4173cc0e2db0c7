import { HttpResponse } from '@smithy/core/protocols';
import { expect, it } from 'vitest';
import { documentClient } from '../../../../../../functions/adapters/dynamodb/requests/document-client.ts';
import { query } from '../../../../../../functions/adapters/dynamodb/requests/query.ts';

/** A client whose queries are answered by the table that they name. */
function clientOf(tables: Readonly<Record<string, readonly unknown[]>>) {
  const requestHandler = {
    async handle({ body }: { body: Uint8Array }) {
      const { TableName } = JSON.parse(new TextDecoder().decode(body));
      const answer = JSON.stringify({ Items: tables[TableName] });
      return { response: new HttpResponse({ statusCode: 200, headers: {}, body: Buffer.from(answer) }) };
    },
  };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return documentClient(1, 1_000, { region: 'eu-west-1', credentials, requestHandler });
}

it('converts each type of attribute that a head row has', async () => {
  const client = clientOf({
    rows: [
      {
        text: { S: '' },
        number: { N: '1796033762353' },
        no: { BOOL: false },
        nothing: { NULL: true },
        bytes: { B: 'AAEC' },
        counts: { M: { ['__proto__']: { N: '1' }, DRAFT: { N: '2' } } },
        list: { L: [{ S: 'a' }, { L: [] }] },
      },
    ],
  });
  const [row] = await query(client, { TableName: 'rows' });
  expect(row).toEqual({
    text: '',
    number: 1_796_033_762_353,
    no: false,
    nothing: null,
    bytes: Uint8Array.of(0, 1, 2),
    counts: JSON.parse('{"__proto__":1,"DRAFT":2}'),
    list: ['a', []],
  });
  expect(Object.keys(row?.counts ?? {})).toEqual(['__proto__', 'DRAFT']);
});

it('gives each of many concurrent queries its own answer', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `table-${i}`);
  const client = clientOf(Object.fromEntries(names.map((name) => [name, [{ name: { S: name } }]])));
  const answers = await Promise.all(names.map((TableName) => query(client, { TableName })));
  expect(answers).toEqual(names.map((name) => [{ name }]));
});

it('keeps the queries of two clients apart', async () => {
  const [one, other] = ['one', 'other'].map((name) => clientOf({ rows: [{ name: { S: name } }] }));
  if (!one || !other) throw new Error('there are two clients');
  expect(await query(one, { TableName: 'rows' })).toEqual([{ name: 'one' }]);
  expect(await query(other, { TableName: 'rows' })).toEqual([{ name: 'other' }]);
});
