import { createHash } from 'node:crypto';

/**
 * The region and account of the local run. All names derive from the stack's name, so that a second start finds its
 * data.
 */
export const REGION = 'ap-southeast-3';
export const ACCOUNT = '000000000000';
export const PARTITION = 'aws';

/** The credentials for local engines. No engine checks them, but DynamoDB Local has one database per access key. */
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

export const arn = (service: string, resource: string): string =>
  `arn:${PARTITION}:${service}:${REGION}:${ACCOUNT}:${resource}`;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A stable identifier of `length` characters (at most 32) that looks like the random ones of AWS. */
export function identifier(of: string, length: number): string {
  const bytes = createHash('sha256').update(of).digest().subarray(0, length);
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** A stable UUID for `of`. */
export function stableUuid(of: string): string {
  const hex = createHash('sha256').update(of).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
