import { refuse } from './call.ts';

type Step = (value: unknown) => unknown;

const field = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, name) => (at !== null && typeof at === 'object' ? (Reflect.get(at, name) ?? null) : null),
      value,
    );
const list = (value: unknown): unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** The parts of JMESPath that the documentation uses. A list step applies what follows it to each element. */
const SYNTAX: readonly [RegExp, (...parts: string[]) => { readonly step: Step; readonly isList?: boolean }][] = [
  [/^\.?(\w+)/, (name) => ({ step: (value) => field(value, name) })],
  [/^\[(\d+)\]/, (index) => ({ step: (value) => list(value)?.[Number(index)] ?? null })],
  [/^\[\*?\]/, () => ({ step: (value) => list(value) ?? null, isList: true })],
  [
    /^\[\?(\w+)(==|!=)(?:'([^']*)'|`"([^"`]*)"`)\]/,
    (name, operator, raw = '', json = '') => ({
      step: (value) =>
        list(value)?.filter((one) => (field(one, name) === (raw || json)) === (operator === '==')) ?? null,
      isList: true,
    }),
  ],
  [
    /^\[\?contains\(([\w.]+),'([^']*)'\)\]/,
    (path, part) => ({
      step: (value) => list(value)?.filter((one) => String(field(one, path)).includes(part)) ?? null,
      isList: true,
    }),
  ],
  [
    /^\.?\[(\w+(?:,\w+)*)\]/,
    (names) => ({ step: (value) => (value === null ? null : names.split(',').map((name) => field(value, name))) }),
  ],
];

/** Evaluates a `--query` of the AWS CLI. */
export function evaluate(query: string, value: unknown): unknown {
  if (query === '' || value === null) return value;
  for (const [pattern, build] of SYNTAX) {
    const [found, ...parts] = pattern.exec(query) ?? [];
    if (found === undefined) continue;
    const { step, isList = false } = build(...parts);
    const [result, rest] = [step(value), query.slice(found.length)];
    if (!isList) return evaluate(rest, result);
    return (
      list(result)?.flatMap((one) => {
        const each = evaluate(rest, one);
        return each === null ? [] : [each];
      }) ?? null
    );
  }
  return refuse(`--query has syntax that the stand-in does not know, from ${query} on`);
}

/** Prints a value as `--output text` does. */
export function asText(value: unknown): string {
  const row = (cells: readonly unknown[]) => cells.map((cell) => (cell === null ? 'None' : String(cell))).join('\t');
  if (!Array.isArray(value)) return row([value]);
  return value.some(Array.isArray) ? value.map((cells) => row(list(cells) ?? [cells])).join('\n') : row(value);
}
