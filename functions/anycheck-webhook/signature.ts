import { createHmac, timingSafeEqual } from 'node:crypto';
import { timestampMs } from './timestamp.ts';

/**
 * The largest difference between a delivery's timestamp and now. AnyCheck requires receivers to reject older
 * deliveries.
 */
const MAX_DIFFERENCE_MS = 5 * 60_000;

export interface SignedDelivery {
  /** Byte for byte as it was sent. */
  readonly body: Buffer;
  /** HMAC-SHA256, hex or base64, with or without `sha256=` before it; '' for none. */
  readonly signature: string;
  /** As it was sent; '' for none. */
  readonly timestamp: string;
}

export interface Signing {
  /** A signature with any of them is valid. */
  readonly secrets: readonly string[];
  /**
   * The signed text: a template with `{body}` and `{timestamp}`. Without the timestamp, an old delivery can be
   * replayed.
   */
  readonly signedText: string;
  /** ms since the epoch. */
  readonly now: number;
}

export type SignatureFault = 'unsigned' | 'wrong_signature' | 'no_time' | 'too_old' | 'in_the_future';

/** @returns why a delivery is not valid; undefined if it is signed and its timestamp is recent. */
export function signatureFault(
  delivery: SignedDelivery,
  { secrets, signedText, now }: Signing,
): SignatureFault | undefined {
  const digest = digestOf(delivery.signature);
  if (digest === undefined) return 'unsigned';
  const isSigned = secrets.some((secret) => timingSafeEqual(hmac(secret, signedText, delivery), digest));
  if (!isSigned) return 'wrong_signature';
  const time = timestampMs(delivery.timestamp);
  if (time === undefined) return 'no_time';
  if (now - time > MAX_DIFFERENCE_MS) return 'too_old';
  return time - now > MAX_DIFFERENCE_MS ? 'in_the_future' : undefined;
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

/** @returns the 32 bytes of a signature's text; undefined for any other text. */
function digestOf(signature: string): Buffer | undefined {
  const text = signature.trim().replace(/^sha256=/i, '');
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  return /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
