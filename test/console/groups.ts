import { randomUUID } from 'node:crypto';

/** Numbers that lose digits as doubles. */
export const LONG_DECIMAL = '0.1000000000000000055511151231257827';
export const LONG_INTEGER = '12345678901234567890';

interface Item {
  readonly id: string;
  readonly status: string;
  /** JSON source text. */
  readonly output?: string;
}

export const newId = (): string => randomUUID();

/** Returns the source text of an item as AnyCheck lists it. */
const itemSource = ({ id, status, output = '{}' }: Item) =>
  `{"id":${JSON.stringify(id)},"status":${JSON.stringify(status)},"output":${output}}`;

/** Returns the source text of a group. */
export const groupSource = (overallStatus: string, items: readonly Item[]): string =>
  `{"overall_status":${JSON.stringify(overallStatus)},"items":[${items.map(itemSource).join()}]}`;

/** Returns the source text of a group with two items. @param score of the first one, JSON source text. */
export const scored = (status: string, score = '1.50'): string =>
  groupSource(status, [
    { id: 'identity', status, output: `{"name":"Siti Rahayu","score":${score},"serial":${LONG_INTEGER}}` },
    { id: 'employment', status: 'COMPLETED' },
  ]);
