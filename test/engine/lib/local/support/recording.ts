import { existsSync, readFileSync } from 'node:fs';

/** The start of a bundle that notes each of its events, one line of JSON apiece, in the file `$RECORD`. */
export const RECORDING = `const { appendFileSync } = require('node:fs');
  const record = (event) => appendFileSync(process.env.RECORD, JSON.stringify(event) + '\\n');`;

export const recordedIn = (file: string): unknown[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    : [];

export const recordTo = (file: string) => ({ Environment: { Variables: { RECORD: file } } });
