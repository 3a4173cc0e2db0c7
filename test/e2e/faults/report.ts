import type { Outcome } from './fault.ts';

export interface Section {
  readonly title: string;
  readonly about: string;
  readonly rows: readonly { readonly name: string; readonly outcome: Outcome }[];
}

const HEADINGS = ['fault', 'unknown group', 'known group', 'schedule record', 'next refresh', 'fault occurs once'];

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** The table of faults, in Markdown. */
export function report(intro: string, sections: readonly Section[]): string {
  const parts = sections.map(({ title, about, rows }) =>
    [
      `## ${title}`,
      '',
      about,
      '',
      line(HEADINGS),
      line(HEADINGS.map(() => '---')),
      ...rows.map(({ name, outcome: { unknown, known, row, again, once } }) =>
        line([name, unknown, known, row, again, once]),
      ),
    ].join('\n'),
  );
  return `${[intro, ...parts].join('\n\n')}\n`;
}
