import type { IdList } from '../../functions/domain/groups/id-list.ts';
import { count, number } from '../client/number.ts';

/** How many groups the service took. */
export interface Counts {
  /** Groups that this run began to track, since its first start. */
  readonly accepted: number;
  /** Groups that were tracked before. */
  readonly known: number;
}

/** Characters of a refused line that the report shows. */
const MAX_SHOWN = 60;

/** The report of a finished run, as lines. @param input the name of the list. */
export function reportOf(input: string, { ids, refused, duplicates }: IdList, { accepted, known }: Counts): string[] {
  return [
    `${input}: ${count(ids.length, 'group')} of ${count(ids.length + duplicates + refused.length, 'line')} with content`,
    `  accepted    ${number(accepted)}  tracked from now on`,
    `  known       ${number(known)}  tracked before`,
    `  duplicates  ${number(duplicates)}  lines that repeat an id`,
    `  refused     ${number(refused.length)}  lines that hold no UUID`,
    ...refused.map(({ line, text }) => {
      const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
      return `line ${line}: not a UUID: ${JSON.stringify(shown)}`;
    }),
  ];
}
