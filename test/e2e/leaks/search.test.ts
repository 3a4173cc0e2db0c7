import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { marksIn } from './search.ts';

const MARK = 'q8Zt0rWm5xLk2vBn7dYs';
const PERSON = `{"name":"Siti ${MARK}","nik":"3171"}`;
const percent = (text: string) => text.replaceAll(/./gs, (one) => `%${one.charCodeAt(0).toString(16)}`);
const unicode = (text: string) => text.replaceAll(/./gs, (one) => `\\u00${one.charCodeAt(0).toString(16)}`);
const base64 = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64');

describe('the search for marks', () => {
  it.each([
    ['as it is', PERSON],
    ['percent-encoded', percent(PERSON)],
    ['JSON within JSON', JSON.stringify({ a: JSON.stringify({ b: PERSON }) })],
    ['escaped letter by letter', unicode(PERSON)],
    ['in hex', Buffer.from(PERSON).toString('hex')],
    ['in hex of capitals, behind a digit', `7${Buffer.from(PERSON).toString('hex').toUpperCase()}`],
    ['in base64', base64(PERSON)],
    ['in base64 from another byte on', base64(`a${PERSON}`)],
    ['in base64 behind what looks like it', `id${base64(PERSON)}`],
    ['in base64url', Buffer.from(PERSON).toString('base64url')],
    ['in base64, percent-encoded', encodeURIComponent(base64(`??${PERSON}>>`))],
    ['in base64 of gzip', base64(gzipSync(PERSON))],
    ['in base64 of gzip, in JSON', JSON.stringify({ awslogs: { data: base64(gzipSync(JSON.stringify([PERSON]))) } })],
    ['in base64 of zlib', base64(deflateSync(PERSON))],
    ['in base64 of Zstandard', base64(zstdCompressSync(PERSON))],
    ['in base64 of base64 of gzip', base64(base64(gzipSync(PERSON)))],
    ['in bytes of gzip', gzipSync(PERSON).toString('latin1')],
  ])('finds one %s', (_, text) => {
    expect(marksIn(`2026-01-01T00:00:00Z Refresh: ${text} and more`, ['another', MARK])).toEqual([MARK]);
  });

  it('finds none where none is', () => {
    expect(marksIn(`${base64(gzipSync('Siti'))} ${MARK.slice(1)}`, [MARK])).toEqual([]);
  });
});
