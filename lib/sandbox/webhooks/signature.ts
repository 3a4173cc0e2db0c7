import { createHmac } from 'node:crypto';

/** How deliveries are signed. AnyCheck publishes neither its header names nor the text that it signs. */
export interface Signing {
  /** Carries the HMAC-SHA256 of the signed text under the verification's secret, in hex. */
  signatureHeader: string;
  /** Carries the time of signing, epoch seconds. */
  timestampHeader: string;
  /** What is signed: a template of `{timestamp}`, as in its header, and `{body}`, as it is sent. */
  signedText: string;
}

/** The sandbox's own invention, after what others do; a receiver should take all three from its settings. */
export const DEFAULT_SIGNING: Signing = {
  signatureHeader: 'X-Webhook-Signature',
  timestampHeader: 'X-Webhook-Timestamp',
  signedText: '{timestamp}.{body}',
};

/** The headers that sign a body at `now` (epoch milliseconds). */
export function signatureHeaders(signing: Signing, secret: string, body: string, now: number): Record<string, string> {
  const timestamp = `${Math.floor(now / 1000)}`;
  const text = signing.signedText.replaceAll(/\{(timestamp|body)\}/g, (_, part) =>
    part === 'body' ? body : timestamp,
  );
  const signature = createHmac('sha256', secret).update(text).digest('hex');
  return { [signing.timestampHeader]: timestamp, [signing.signatureHeader]: signature };
}
