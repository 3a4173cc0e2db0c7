import { stringify } from 'csv-stringify/sync';
import { type ExportRecord, FIELDS } from './records.ts';

export const FORMATS = ['ndjson', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** The columns of CSV: all fields of all kinds, each once. */
const COLUMNS = ['kind', ...new Set(Object.values(FIELDS).flat())];

interface Writer {
  /** What comes before the first record. */
  readonly head: string;
  /** Records as whole lines, each with its end. */
  lines(records: readonly ExportRecord[]): string;
  /** The `result_id` of a line that holds a record of the kind group. */
  groupOf(line: string): string | undefined;
}

/** Line breaks become spaces, so that each line is a record. */
const onOneLine = (text: string): string => text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ');

/** RFC 4180 with LF. A text that a spreadsheet would execute as a formula begins with `'`. */
const csv = (records: readonly ExportRecord[]): string =>
  stringify([...records], { columns: COLUMNS, escape_formulas: true, cast: { boolean: String, string: onOneLine } });

/** How each format is written. In NDJSON, `kind` and `result_id` are the first members. */
export const WRITERS: Readonly<Record<Format, Writer>> = {
  ndjson: {
    head: '',
    lines: (records) => records.map(({ kind, ...fields }) => `${JSON.stringify({ kind, ...fields })}\n`).join(''),
    groupOf: (line) => /^\{"kind":"group","result_id":"([^"]+)"/.exec(line)?.[1],
  },
  csv: {
    head: stringify([COLUMNS]),
    lines: csv,
    groupOf: (line) => /^group,([^,]+),/.exec(line)?.[1],
  },
};
