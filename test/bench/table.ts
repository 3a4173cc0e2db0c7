/** What one measurement prints: ratios and figures side by side, all from one run. */
export interface Table {
  readonly title: string;
  /** How it was measured, and what is behind a figure that stands out; a sentence each. */
  readonly notes?: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

interface BenchOptions {
  /** Also what takes longer than the whole rest. */
  readonly full: boolean;
}

/** One measurement: `npm run bench -- <name>` makes it alone. */
export type Bench = (options: BenchOptions) => Promise<readonly Table[]>;

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;

/** Markdown, to be read in a terminal as well as in a document. */
export function markdown({ title, notes = [], columns, rows }: Table): string {
  const head = [`### ${title}`, '', ...notes.flatMap((text) => [text, ''])];
  return [...head, line(columns), line(columns.map(() => '---')), ...rows.map(line), ''].join('\n');
}

/** The middle of what was measured, and half of it around: `median [quartile to quartile]`. */
export function spread(values: readonly number[], digits = 1): string {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => quantile(values, part).toFixed(digits));
  return `${middle} [${low} to ${high}]`;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** @param part of the values that are below, 0 to 1. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
