import { quantile } from '../table.ts';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A duration in words, from ms. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return 'never';
  const [unit, size] = UNITS.find(([, one]) => ms >= 2 * one) ?? ['s', 1_000];
  return `${(ms / size).toFixed(ms < 10 * size ? 1 : 0)} ${unit}`;
}

export function percent(share: number): string {
  if (!Number.isFinite(share)) return 'never';
  const hundredth = 100 * share;
  return `${hundredth >= 10 ? hundredth.toFixed(0) : hundredth > 0 ? hundredth.toPrecision(2) : 0} %`;
}

/** Some quantiles in words; an empty text for each where there are no values. */
export const quantiles = (
  values: readonly number[],
  parts: readonly number[],
  format: (value: number) => string,
): string[] => parts.map((part) => (values.length === 0 ? '' : format(quantile(values, part))));
