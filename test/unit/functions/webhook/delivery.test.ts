import { createHmac } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { deliveredJson } from '../../../../functions/webhook/delivery.ts';
import { httpEvent } from '../../../fakes/http-event.ts';
import { printedLines } from '../../../fakes/printed.ts';

printedLines();
const TEXT = '{"result_id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","note":"é"}';
const MARKED = Buffer.from(`\uFEFF${TEXT}`);
const SECRET = 'the-signing-secret';
const NOW = 1_800_000_000_000;
const UNSIGNED = { headers: { signature: '', timestamp: '' }, secrets: [], signedText: '{body}', now: NOW };
const SIGNED = { ...UNSIGNED, headers: { signature: 'x-signature', timestamp: 'x-time' }, secrets: [SECRET] };

const event = (body: Buffer, headers: Record<string, string> = {}) =>
  httpEvent({ body: body.toString('base64'), isBase64Encoded: true, headers });
const signatureOf = (body: Buffer) => createHmac('sha256', SECRET).update(body).digest('hex');
const signed = (body: Buffer, over: Buffer, coding: string) =>
  event(body, {
    ...(coding !== '' && { 'content-encoding': coding }),
    'x-signature': signatureOf(over),
    'x-time': String(NOW / 1000),
  });
const refusal = (status: number) => expect.objectContaining({ status });

describe('the body of a delivery', () => {
  it.each(['gzip', 'GZIP', ' x-gzip '])('in the coding "%s" is decoded', (coding) => {
    expect(deliveredJson(event(gzipSync(TEXT), { 'content-encoding': coding }), UNSIGNED)).toEqual(JSON.parse(TEXT));
  });

  it.each(['', 'identity'])('in the coding "%s" is read as it is', (coding) => {
    expect(deliveredJson(event(Buffer.from(TEXT), { 'content-encoding': coding }), UNSIGNED)).toEqual(JSON.parse(TEXT));
  });

  it('may begin with a byte order mark, gzipped or not, in base64 or not', () => {
    for (const one of [event(MARKED), event(gzipSync(MARKED), { 'content-encoding': 'gzip' })]) {
      expect(deliveredJson(one, UNSIGNED)).toEqual(JSON.parse(TEXT));
    }
    expect(deliveredJson(httpEvent({ body: MARKED.toString() }), UNSIGNED)).toEqual(JSON.parse(TEXT));
    expect(() => deliveredJson(event(Buffer.concat([MARKED, MARKED])), UNSIGNED)).toThrow(refusal(400));
  });

  it.each(['br', 'deflate', 'zstd', 'gzip, gzip', 'nonsense'])('in the coding "%s" is 415', (coding) => {
    expect(() => deliveredJson(event(brotliCompressSync(TEXT), { 'content-encoding': coding }), UNSIGNED)).toThrow(
      refusal(415),
    );
  });

  it('that is not gzip, as it says, is 400', () => {
    for (const body of [Buffer.from(TEXT), Buffer.alloc(0), gzipSync(TEXT).subarray(0, 30)]) {
      expect(() => deliveredJson(event(body, { 'content-encoding': 'gzip' }), UNSIGNED)).toThrow(refusal(400));
    }
  });

  it('that decodes to more than 6 MB is 413, and is not decoded further', () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    const before = process.memoryUsage().rss;
    expect(() => deliveredJson(event(bomb, { 'content-encoding': 'gzip' }), UNSIGNED)).toThrow(refusal(413));
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  it('that is gzipped may be signed before or after', () => {
    const [body, packed] = [Buffer.from(TEXT), gzipSync(TEXT)];
    for (const over of [body, packed]) {
      expect(deliveredJson(signed(packed, over, 'gzip'), SIGNED)).toEqual(JSON.parse(TEXT));
    }
    expect(deliveredJson(signed(MARKED, MARKED, ''), SIGNED)).toEqual(JSON.parse(TEXT));
    expect(() => deliveredJson(signed(packed, Buffer.from('{}'), 'gzip'), SIGNED)).toThrow(refusal(401));
    expect(() => deliveredJson(signed(MARKED, body, ''), SIGNED)).toThrow(refusal(401));
  });
});
