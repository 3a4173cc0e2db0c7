import { randomBytes, randomInt } from 'node:crypto';

const secret = () => randomBytes(12).toString('hex');
const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('');
const letters = (count: number) =>
  Array.from({ length: count }, () => String.fromCharCode(97 + randomInt(26))).join('');

/** Values that stand for what must be nowhere but in the table, in secrets and in answers: each is there once in the world. */
export const marks = {
  name: `Siti "${letters(14)}" / Ünal`,
  nik: digits(16),
  status: `STATUS_${letters(12).toUpperCase()}`,
  signature: secret(),
  webhookSecret: `whsec_${secret()}`,
  anycheckKey: `key-${secret()}`,
  anycheckEmail: `${letters(14)}@anycheck.example`,
  anycheckPassword: `p/${secret()}+"`,
  email: `${letters(14)}@lender.example`,
  password: `P!${secret()} %&`,
  wrongPassword: `wrong-${secret()}`,
  webhookToken: `hook-${secret()}`,
  guess: `guess-${secret()}`,
  urlQuery: `query-${secret()}`,
  description: `Webhooks of ${letters(14)}`,
  keyring: secret() + secret(),
} as const;

/** The part of a mark that no escaping changes, and that says which it is. */
export const coreOf = (mark: string): string => mark.match(/[A-Za-z0-9_]{12,}/)?.[0] ?? mark;
