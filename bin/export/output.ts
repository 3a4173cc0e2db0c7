import { createReadStream } from 'node:fs';
import { access, open, rename, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { stateFile } from '../client/state-file.ts';
import { misused } from '../client/stop.ts';
import type { Place } from './export.ts';
import { FORMATS, type Format, WRITERS } from './format.ts';
import type { Period } from './history.ts';
import type { ExportRecord } from './records.ts';

/** Which export a file holds. */
export interface Subject {
  readonly apiUrl: string;
  readonly format: Format;
  readonly period: Period;
}

/** Where an export goes. */
export interface Output {
  write(records: readonly ExportRecord[]): Promise<void>;
  /** Stores that the records so far are complete, and where the export continues. */
  onPage(place: Place): Promise<void>;
  /** Ends the export. */
  finish(): Promise<void>;
}

const State = z.object({
  program: z.literal('export'),
  api_url: z.string(),
  format: z.enum(FORMATS),
  /** The period, ms since the epoch. */
  since: z.int(),
  until: z.int(),
  /** The length of the records that are complete. */
  bytes: z.int(),
  /** Where the export continues. */
  place: z.object({
    listedSince: z.int(),
    began: z.int(),
    cursor: z.string().optional(),
    isLast: z.boolean(),
  }),
});

/** The files of an export: its result, its unfinished content, and its state. */
const filesOf = (out: string) => ({ part: `${out}.part`, state: stateFile(`${out}.export-state.json`, State) });

/** An unfinished export of a file. */
export interface Unfinished {
  readonly subject: Subject;
  readonly place: Place;
  readonly bytes: number;
}

/**
 * Reads the state of an unfinished export.
 * @param out the file of the result.
 * @throws Stop where the result exists.
 */
export async function unfinishedOf(out: string): Promise<Unfinished | undefined> {
  const isThere = await access(out).then(
    () => true,
    () => false,
  );
  if (isThere) misused(`${out} exists. Name another file, or delete it.`);
  const state = await filesOf(out).state.read();
  if (state === undefined) return undefined;
  const { api_url: apiUrl, format, since, until, bytes, place } = state;
  return { subject: { apiUrl, format, period: { since, until } }, place: { cursor: undefined, ...place }, bytes };
}

/** Writes an export to standard output. A run that is cut cannot continue. */
export async function toStandardOutput(format: Format): Promise<Output> {
  const { head, lines } = WRITERS[format];
  const put = (text: string) => new Promise<void>((resolve) => void process.stdout.write(text, () => resolve()));
  await put(head);
  return { write: (records) => put(lines(records)), onPage: async () => {}, finish: async () => {} };
}

/**
 * Writes an export to a file, which has its name only when it is complete.
 * @param bytes the length of the complete records of an unfinished export; what follows them is cut off. 0 begins anew.
 * @returns also the groups that the unfinished export has.
 * @throws Stop where the unfinished file is shorter.
 */
export async function toFile(out: string, subject: Subject, bytes: number) {
  const { part, state } = filesOf(out);
  const { head, lines } = WRITERS[subject.format];
  const exported = bytes === 0 ? new Set<string>() : await groupsIn(part, bytes, subject.format);
  const file = await open(part, bytes === 0 ? 'w' : 'r+');
  await file.truncate(bytes);
  let length = bytes;
  async function put(text: string): Promise<void> {
    const content = Buffer.from(text);
    for (let at = 0; at < content.length; ) {
      const { bytesWritten } = await file.write(content, at, content.length - at, length);
      at += bytesWritten;
      length += bytesWritten;
    }
  }
  if (bytes === 0) await put(head);
  const output: Output = {
    write: (records) => put(lines(records)),
    async onPage(place) {
      await file.sync();
      const { apiUrl, format, period } = subject;
      await state.write({ program: 'export', api_url: apiUrl, format, ...period, bytes: length, place });
    },
    async finish() {
      await file.sync();
      await file.close();
      await state.remove();
      await rename(part, out);
    },
  };
  return { output, exported };
}

/** The groups whose records the first bytes of a file hold. */
async function groupsIn(part: string, bytes: number, format: Format): Promise<Set<string>> {
  const size = await stat(part).then(
    (found) => found.size,
    () => 0,
  );
  if (size < bytes) misused(`${part} lacks content that its state file names. Delete the state file to begin anew.`);
  const groups = new Set<string>();
  for await (const line of createInterface({ input: createReadStream(part, { end: bytes - 1 }) })) {
    const group = WRITERS[format].groupOf(line);
    if (group !== undefined) groups.add(group);
  }
  return groups;
}
