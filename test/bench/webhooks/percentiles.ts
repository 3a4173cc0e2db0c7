import { quantile } from '../table.ts';

/** Whole ms. */
export const ms = (value: number): string => Math.round(value).toLocaleString('en');

export const percentiles = (took: readonly number[], parts: readonly number[] = [0.5, 0.95, 0.99, 1]): string[] =>
  parts.map((part) => ms(quantile(took, part)));
