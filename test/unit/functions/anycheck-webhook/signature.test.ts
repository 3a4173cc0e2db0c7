import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SignedDelivery, type Signing, signatureFault } from '../../../../functions/anycheck-webhook/signature.ts';
import { timestampMs } from '../../../../functions/anycheck-webhook/timestamp.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');
const SECRET = 'a signing secret';
const BODY = Buffer.from('{"result_id":"x","name":"é"}');
const digest = (text: string | Buffer, secret = SECRET) => createHmac('sha256', secret).update(text).digest();

const faultOf = (delivery: Partial<SignedDelivery>, signing: Partial<Signing> = {}) =>
  signatureFault(
    { body: BODY, signature: digest(BODY).toString('hex'), timestamp: '2026-11-23T08:00:00Z', ...delivery },
    { secrets: [SECRET], signedText: '{body}', now: NOW, ...signing },
  );

describe('the signature of a delivery', () => {
  it.each([
    ['hex', digest(BODY).toString('hex')],
    ['upper case hex', digest(BODY).toString('hex').toUpperCase()],
    ['base64', digest(BODY).toString('base64')],
    ['base64 without padding', digest(BODY).toString('base64').replace('=', '')],
    ['base64url', digest(BODY).toString('base64url')],
    ['hex behind sha256=', `sha256=${digest(BODY).toString('hex')}`],
    ['base64 behind sha256=', `sha256=${digest(BODY).toString('base64')}`],
  ])('is taken in %s', (_, signature) => {
    expect(faultOf({ signature })).toBeUndefined();
  });

  it.each(['', 'sha256=', 'nonsense', digest(BODY).toString('hex').slice(0, 63), `v1=${digest(BODY).toString('hex')}`])(
    'is missed in %j',
    (signature) => {
      expect(faultOf({ signature })).toBe('unsigned');
    },
  );

  it('is wrong for another body, another secret, and half of the text', () => {
    expect(faultOf({ body: Buffer.from('{"result_id":"y","name":"é"}') })).toBe('wrong_signature');
    expect(faultOf({ signature: digest(BODY, 'another').toString('hex') })).toBe('wrong_signature');
    expect(faultOf({}, { signedText: '{timestamp}.{body}' })).toBe('wrong_signature');
  });

  it('may be made with either of two secrets', () => {
    expect(faultOf({}, { secrets: ['new', SECRET] })).toBeUndefined();
    expect(faultOf({}, { secrets: [] })).toBe('wrong_signature');
  });

  it('is of the very bytes that were sent, whatever they are and wherever the template puts them', () => {
    const piece = fc.constantFrom('{body}', '{timestamp}', '.', ':', '{other}', '$&');
    const template = fc.array(piece, { maxLength: 6 }).map((pieces) => `${pieces.join('')}{body}`);
    fc.assert(
      fc.property(fc.uint8Array(), template, (bytes, signedText) => {
        const body = Buffer.from(bytes);
        const timestamp = String(NOW / 1000);
        const parts = signedText.split('{body}').map((part) => Buffer.from(part.replaceAll('{timestamp}', timestamp)));
        const text = Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [body, part])));
        const signature = digest(text).toString('base64');
        expect(faultOf({ body, timestamp, signature }, { signedText })).toBeUndefined();
        const altered = Buffer.concat([body, Buffer.from(' ')]);
        expect(faultOf({ body: altered, timestamp, signature }, { signedText })).toBe('wrong_signature');
      }),
    );
  });

  it('is of no use without a time, and 5 minutes away from it', () => {
    const at = (ms: number) => faultOf({ timestamp: new Date(NOW + ms).toISOString() });
    expect(faultOf({ timestamp: '' })).toBe('no_time');
    expect(faultOf({ timestamp: 'yesterday' })).toBe('no_time');
    expect([at(-300_001), at(-300_000), at(300_000), at(300_001)]).toEqual([
      'too_old',
      undefined,
      undefined,
      'in_the_future',
    ]);
  });
});

describe('a time', () => {
  it.each([
    ['2026-11-23T08:00:00Z', NOW],
    ['2026-11-23T08:00:00', NOW],
    ['2026-11-23T15:00:00+07:00', NOW],
    ['2026-11-23T08:00:00.250Z', NOW + 250],
    ['2026-11-23T08:00:00.250123', NOW + 250],
    [String(NOW / 1000), NOW],
    [`${NOW / 1000}.25`, NOW + 250],
    [String(NOW), NOW],
  ])('is read in %s', (text, time) => {
    expect(timestampMs(text)).toBe(time);
  });

  it.each([
    '',
    ' ',
    '1',
    'NaN',
    '-1795420800',
    '1e9',
    '2026-11-23',
    '2026-13-41T08:00:00Z',
    'Mon, 23 Nov 2026 08:00:00 GMT',
  ])('is not read in %j', (text) => {
    expect(timestampMs(text)).toBeUndefined();
  });
});
