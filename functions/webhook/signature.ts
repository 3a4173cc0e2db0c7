import { createHmac, timingSafeEqual } from 'node:crypto';
import { timestampMs } from './timestamp.ts';

/** ms that a delivery's time may be away from now, either way: AnyCheck asks its receivers to refuse older ones. */
const WINDOW = 5 * 60_000;

export interface SignedDelivery {
  /** Byte for byte as it was sent. */
  readonly body: Buffer;
  /** HMAC-SHA256, hex or base64, with or without `sha256=` before it; '' for none. */
  readonly signature: string;
  /** As it was sent; '' for none. */
  readonly timestamp: string;
}

export interface Signing {
  /** Any of them may have signed. */
  readonly secrets: readonly string[];
  /** What is signed: a template of `{body}` and `{timestamp}`. Where it leaves the time out, anybody may give an old one anew. */
  readonly signedText: string;
  /** ms since the epoch. */
  readonly now: number;
}

export type SignatureFault = 'unsigned' | 'wrong_signature' | 'no_time' | 'too_old' | 'in_the_future';

/** Why a delivery isn't to be believed; undefined: it is signed, and of now. */
export function signatureFault(
  delivery: SignedDelivery,
  { secrets, signedText, now }: Signing,
): SignatureFault | undefined {
  const given = digestOf(delivery.signature);
  if (given === undefined) return 'unsigned';
  const isSigned = secrets.some((secret) => timingSafeEqual(hmac(secret, signedText, delivery), given));
  if (!isSigned) return 'wrong_signature';
  const time = timestampMs(delivery.timestamp);
  if (time === undefined) return 'no_time';
  if (now - time > WINDOW) return 'too_old';
  return time - now > WINDOW ? 'in_the_future' : undefined;
}

function hmac(secret: string, signedText: string, { body, timestamp }: SignedDelivery): Buffer {
  const parts = new Map<string, string | Buffer>([
    ['{body}', body],
    ['{timestamp}', timestamp],
  ]);
  const digest = createHmac('sha256', secret);
  for (const part of signedText.split(/(\{body\}|\{timestamp\})/)) digest.update(parts.get(part) ?? part);
  return digest.digest();
}

/** The 32 bytes of a signature's text; undefined for any other text. */
function digestOf(signature: string): Buffer | undefined {
  const text = signature.trim().replace(/^sha256=/i, '');
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  return /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
