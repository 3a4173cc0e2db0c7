import { createHmac } from 'node:crypto';
import { Webhook } from 'svix';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { signedHeaders } from '../../../../../functions/adapters/https/signed-headers.ts';
import { newSigningSecret } from '../../../../../functions/adapters/secrets/signing-secret.ts';

const NOW = Date.UTC(2026, 10, 29, 12, 0, 0, 999);
const MINUTE_MS = 60_000;
const BODY = '{"type":"group.changed","data":{"name":"Zoë – 例"}}';
const [current, previous, foreign] = [newSigningSecret(), newSigningSecret(), newSigningSecret()];
const headers = signedHeaders({ id: 'evt_1', body: BODY, secrets: [current, previous] }, NOW);

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

describe('a signed delivery', () => {
  it.each([
    ['current', current],
    ['previous', previous],
  ])('is accepted by the receiver library of Svix with the %s secret', (_, secret) => {
    expect(() => new Webhook(secret).verify(BODY, headers)).not.toThrow();
  });

  it('is signed with HMAC-SHA256 of id, timestamp and body, once for each secret', () => {
    const byHand = (secret: string) => {
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      return `v1,${createHmac('sha256', key)
        .update(`evt_1.${Math.floor(NOW / 1000)}.${BODY}`)
        .digest('base64')}`;
    };
    expect(headers).toEqual({
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(Math.floor(NOW / 1000)),
      'webhook-signature': `${byHand(current)} ${byHand(previous)}`,
    });
  });

  it.each([
    ['another secret', foreign, BODY, headers],
    ['another body', current, `${BODY} `, headers],
    ['another id', current, BODY, { ...headers, 'webhook-id': 'evt_2' }],
    ['another timestamp', current, BODY, { ...headers, 'webhook-timestamp': String(Math.floor(NOW / 1000) + 1) }],
  ])('is rejected with %s', (_, secret, body, received) => {
    expect(() => new Webhook(secret).verify(body, received)).toThrow('No matching signature found');
  });

  it.each([
    [-4, undefined],
    [4, undefined],
    [6, 'Message timestamp too old'],
    [-6, 'Message timestamp too new'],
  ])('meets a receiver whose clock is %d minutes ahead with the error %s', (minutes, error) => {
    vi.setSystemTime(NOW + minutes * MINUTE_MS);
    const verify = () => new Webhook(current).verify(BODY, headers);
    if (error === undefined) expect(verify).not.toThrow();
    else expect(verify).toThrow(error);
  });
});

describe('a new signing secret', () => {
  it('is 32 random bytes, which no other one has', () => {
    expect(Buffer.from(current.replace(/^whsec_/, ''), 'base64')).toHaveLength(32);
    expect(current).toMatch(/^whsec_[A-Za-z\d+/]{43}=$/);
    expect(new Set(Array.from({ length: 1000 }, newSigningSecret)).size).toBe(1000);
  });
});
