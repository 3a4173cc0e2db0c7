import { crc32 } from 'node:zlib';

/** What every key begins with. A secret scanner matches KEY_PATTERN. */
const PREFIX = 'acsnap';
/** Characters of the id, of the secret and of the checksum; all are hexadecimal digits. The secret has 256 bits. */
const ID = 16;
const SECRET = 64;
const CHECKSUM = 8;
export const KEY_PATTERN = new RegExp(`^(${PREFIX}_([0-9a-f]{${ID}})_([0-9a-f]{${SECRET}}))_([0-9a-f]{${CHECKSUM}})$`);
export const KEY_ID = new RegExp(`^[0-9a-f]{${ID}}$`);
/** Random bytes of an id and of a secret. */
export const ID_BYTES = ID / 2;
export const SECRET_BYTES = SECRET / 2;

/** What a caller sends as `X-API-Key`: prefix, id, secret and the CRC-32 of these. */
export function keyText(id: string, secret: string): string {
  const checked = `${PREFIX}_${id}_${secret}`;
  return `${checked}_${checksum(checked)}`;
}

/** Reads a key. @returns undefined for a text of another form or with a wrong checksum, so a typing error reads no table. */
export function parseKey(text: string): { readonly id: string; readonly secret: string } | undefined {
  const [, checked = '', id = '', secret = '', sum] = KEY_PATTERN.exec(text) ?? [];
  return sum !== undefined && sum === checksum(checked) ? { id, secret } : undefined;
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(CHECKSUM, '0');
