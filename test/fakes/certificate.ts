import { generateKeyPairSync, sign } from 'node:crypto';

/** A server's key and its self-made certificate, PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** DER: a tag, the length, the content (X.690). */
function der(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Uint8Array.from(part)));
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Uint8Array.from([tag, ...length]), content]);
}
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const text = (tag: number, value: string) => der(tag, Buffer.from(value));
const time = (at: Date) => text(0x18, `${at.toISOString().replace(/[-:T]|\..*/g, '')}Z`);

const COMMON_NAME = der(0x06, [0x55, 0x04, 0x03]);
const SUBJECT_ALT_NAME = der(0x06, [0x55, 0x1d, 0x11]);
const ECDSA_WITH_SHA256 = sequence(der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));

export interface Subject {
  /** DNS names that the certificate is for, beside 127.0.0.1. */
  readonly names?: readonly string[];
  /** ms since the epoch; a day from now without it. */
  readonly until?: number;
}

/** Makes a certificate for 127.0.0.1 and some names (RFC 5280). */
export function selfSigned({ names = [], until = Date.now() + 86_400_000 }: Subject = {}): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(der(0x31, sequence(COMMON_NAME, text(0x0c, 'Test'))));
  const hosts = [der(0x87, [127, 0, 0, 1]), ...names.map((one) => text(0x82, one))];
  const toBeSigned = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1]),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(new Date(until - 2 * 86_400_000)), time(new Date(until))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(SUBJECT_ALT_NAME, der(0x04, sequence(...hosts))))),
  );
  const signature = der(0x03, [0], sign('sha256', toBeSigned, privateKey));
  const certificate = sequence(toBeSigned, ECDSA_WITH_SHA256, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`,
  };
}
