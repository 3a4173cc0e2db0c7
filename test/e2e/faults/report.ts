import type { Outcome } from './fault.ts';
import type { SustainedOutcome } from './sustained.ts';
import type { Delivered } from './webhooks.ts';

export interface Section {
  readonly title: string;
  readonly about: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

const HEADINGS = ['fault', 'unknown group', 'known group', 'schedule record', 'next refresh', 'fault occurs once'];
const SUSTAINED_HEADINGS = [
  "AnyCheck's answers for 40 s",
  'first 10 s',
  'last 10 s',
  'circuit',
  '`anycheck` in `/health/deep`',
  'first list',
  'all groups',
];
const WEBHOOK_HEADINGS = ['delivery', 'answer', 'effect'];

type About = Pick<Section, 'title' | 'about'>;

export const ofFaults = (
  about: About,
  rows: readonly { readonly name: string; readonly outcome: Outcome }[],
): Section => ({
  ...about,
  headings: HEADINGS,
  rows: rows.map(({ name, outcome: { unknown, known, row, again, once } }) => [name, unknown, known, row, again, once]),
});

export const ofSustained = (about: About, rows: readonly SustainedOutcome[]): Section => ({
  ...about,
  headings: SUSTAINED_HEADINGS,
  rows: rows.map(({ name, first, last, circuit, health, usable, all }) => [
    name,
    first,
    last,
    circuit,
    health,
    usable,
    all,
  ]),
});

export const ofWebhooks = (about: About, rows: readonly Delivered[]): Section => ({
  ...about,
  headings: WEBHOOK_HEADINGS,
  rows: rows.map(({ name, answer, effect }) => [name, answer, effect]),
});

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;

/** The tables of faults, in Markdown. */
export function report(intro: string, sections: readonly Section[]): string {
  const parts = sections.map(({ title, about, headings, rows }) =>
    [`## ${title}`, '', about, '', line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n'),
  );
  return `${[intro, ...parts].join('\n\n')}\n`;
}
