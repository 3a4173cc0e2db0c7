import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Row = Record<string, AttributeValue>;

/** A row in DynamoDB's form; what is undefined is left out. */
export function marshalled(row: object): Row {
  const attributes: Row = {};
  for (const [name, value] of Object.entries(row)) if (value !== undefined) attributes[name] = attributeOf(value);
  return attributes;
}

function attributeOf(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (value instanceof Uint8Array) return { B: value };
  if (Array.isArray(value)) return { L: value.map(attributeOf) };
  if (typeof value === 'object') return { M: marshalled(value) };
  throw new TypeError(`no row here has a ${typeof value}`);
}
