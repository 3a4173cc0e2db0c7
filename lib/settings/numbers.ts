import * as z from 'zod';
import { fromText } from './from-text.ts';

/** A number from `min` to `max`, also as text. */
export const number = (min: number, max: number) => {
  const error = `must be a number from ${min} to ${max}`;
  return z.preprocess(fromText, z.number(error).min(min, error).max(max, error));
};

/** A whole number from `min` to `max`, also as text. */
export const integer = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.preprocess(fromText, z.int(error).min(min, error).max(max, error));
};
