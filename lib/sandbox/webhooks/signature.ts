import { createHmac } from 'node:crypto';

/** How deliveries are signed. AnyCheck has published neither its header names nor the text that it signs. */
export interface Signing {
  /** The header with the HMAC-SHA256 of the signed text, keyed with the verification's secret, in hex. */
  signatureHeader: string;
  /** The header with the time of signing, in seconds since the epoch. */
  timestampHeader: string;
  /** The signed text: a template of `{timestamp}`, as in its header, and `{body}`, as sent. */
  signedText: string;
}

/** The sandbox's own choice, similar to other services. A receiver should make all three configurable. */
export const DEFAULT_SIGNING: Signing = {
  signatureHeader: 'X-Webhook-Signature',
  timestampHeader: 'X-Webhook-Timestamp',
  signedText: '{timestamp}.{body}',
};

/** The headers that sign a body at `now` (milliseconds since the epoch). */
export function signatureHeaders(signing: Signing, secret: string, body: string, now: number): Record<string, string> {
  const timestamp = `${Math.floor(now / 1000)}`;
  const text = signing.signedText.replaceAll(/\{(timestamp|body)\}/g, (_, part) =>
    part === 'body' ? body : timestamp,
  );
  const signature = createHmac('sha256', secret).update(text).digest('hex');
  return { [signing.timestampHeader]: timestamp, [signing.signatureHeader]: signature };
}
