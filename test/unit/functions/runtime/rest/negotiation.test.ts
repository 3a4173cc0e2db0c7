import { expect, it } from 'vitest';
import { takesGzip } from '../../../../../functions/runtime/rest/negotiation.ts';

it.each([
  'gzip',
  'GZIP',
  'br, gzip',
  'gzip;q=0.1',
  'gzip ; q=1.0',
  'br;q=1, gzip;q=0.001',
  '*',
  'identity;q=0, *;q=0.5',
])('%j takes gzip', (accepts) => {
  expect(takesGzip(accepts)).toBe(true);
});

it.each([
  '',
  'br',
  'gzipped',
  'identity',
  'gzip;q=0',
  'gzip; q=0.000',
  'gzip;q=0, *',
  '*, gzip;q=0',
  '*;q=0',
  'gzip;q=x',
])('%j does not', (accepts) => {
  expect(takesGzip(accepts)).toBe(false);
});
