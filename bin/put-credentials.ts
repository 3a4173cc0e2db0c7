// Stores AnyCheck's credentials, a new webhook token, signing secret or key of webhooks, without showing a value to anyone.
import { randomBytes } from 'node:crypto';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { AnyCheckSecretValue } from '../functions/adapters/anycheck/credentials.ts';
import { AnyCheckWebhookSecretValue } from '../functions/adapters/aws/anycheck-webhook-secret.ts';
import { KeyringValue } from '../functions/adapters/aws/keyring.ts';
import { readLines } from './put-credentials/read-lines.ts';

const HELP = `npm run put-credentials -- <what> <secret ARN> [--drop-previous]

  anycheck        stores an API key of AnyCheck in the secret of the output AnyCheckSecretArn
  anycheck-login  stores email and password of an AnyCheck user in the same secret
  webhook-token   generates a new token in the secret of the output WebhookSecretArn
  webhook-signing-secret
                  stores a new signing secret there
  webhook-keyring generates a new key in the secret of the output WebhookKeyringSecretArn

A new token, signing secret or key makes the present one a previous one, which stays valid. --drop-previous ends it. Drop
the previous keys of the keyring only when the runbook says so: what they encrypted is lost then.
The program reads a value at a hidden prompt, or from standard input where that is no terminal: one line a value.
Exit status: 0 if the value is stored; 1 if it is not; 2 for wrong arguments.`;

const EXPOSED =
  'A key must never be an argument: other users of this machine see command lines, and the shell keeps them in its ' +
  'history. If an argument was a key or a password, it is exposed: end it at AnyCheck, and create another one.';
const ARN = /^arn:[\w-]+:secretsmanager:([\w-]+):\d{12}:secret:[\w/+=.@-]+$/;
const Fields = z.record(z.string(), z.unknown());
const KINDS = ['anycheck', 'anycheck-login', 'webhook-token', 'webhook-signing-secret', 'webhook-keyring'] as const;
type Kind = (typeof KINDS)[number];

const { kind, arn, region, isDropping } = parseArguments(process.argv.slice(2));
const client = new SecretsManagerClient({ region, maxAttempts: 4 });
let lines: string[] = [];
try {
  console.log(await put());
} catch (error) {
  const message = error instanceof Error ? `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}` : '';
  console.error(lines.reduce((text, line) => text.replaceAll(line, '…'), message));
  process.exitCode = 1;
}
client.destroy();

async function put(): Promise<string> {
  if (kind === 'anycheck' || kind === 'anycheck-login') {
    const isLogin = kind === 'anycheck-login';
    lines = await readLines(isLogin ? ['Email: ', 'Password: '] : ['API key: ']);
    const [first = '', password] = lines;
    if (first.startsWith('{')) throw new Error('Pass the value alone, not as JSON. Nothing was stored.');
    return store(AnyCheckSecretValue, isLogin ? { email: first, password } : { api_key: first });
  }
  if (kind === 'webhook-keyring') return putKey();
  const name = kind === 'webhook-token' ? 'token' : 'signing_secret';
  const { SecretString = '{}' } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const { [name]: present, [`previous_${name}`]: previous, ...others } = fieldsOf(SecretString);
  if (isDropping) {
    if (previous === undefined) return `There is no previous ${name}. Nothing was stored.`;
    return store(AnyCheckWebhookSecretValue, { ...others, [name]: present });
  }
  if (previous !== undefined) {
    throw new Error(`The previous ${name} is still valid. End it first, with --drop-previous. Nothing was stored.`);
  }
  if (name === 'signing_secret') lines = await readLines(['Signing secret: ']);
  const [next = randomBytes(36).toString('base64url')] = lines;
  if (next === present) return `The secret holds this ${name}. Nothing was stored.`;
  return store(AnyCheckWebhookSecretValue, {
    ...others,
    [name]: next,
    ...(present !== undefined && { [`previous_${name}`]: present }),
  });
}

/** Makes the present key of the keyring a previous one, or drops the previous ones. */
async function putKey(): Promise<string> {
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const { key, previous_keys: previous, ...others } = fieldsOf(SecretString);
  const { data: keyring } = z.safeParse(KeyringValue, { key, previous_keys: previous });
  // A new key beside an unusable value would hide that stored secrets are unreadable.
  if (!keyring) throw new Error('The secret holds no usable keyring. Nothing was stored.');
  const { previous_keys = [] } = keyring;
  if (!isDropping) {
    const next = randomBytes(48).toString('base64url');
    return store(KeyringValue, { ...others, key: next, previous_keys: [keyring.key, ...previous_keys] });
  }
  if (previous_keys.length === 0) return 'There is no previous key. Nothing was stored.';
  return store(KeyringValue, { ...others, key: keyring.key, previous_keys: [] });
}

/** @throws an Error if the functions could not use the value. */
async function store(Value: z.core.$ZodType, value: object): Promise<string> {
  if (!z.safeParse(Value, value).success)
    throw new Error('The functions could not use this value. Nothing was stored.');
  const command = new PutSecretValueCommand({ SecretId: arn, SecretString: JSON.stringify(value) });
  const { VersionId } = await client.send(command);
  return `Stored as version ${VersionId} of ${arn}. The functions read it within a minute.`;
}

function fieldsOf(text: string) {
  try {
    return Fields.parse(JSON.parse(text));
  } catch {
    // A parser's error quotes the secret.
    throw new Error('The secret holds no JSON object. Nothing was stored.');
  }
}

function parseArguments(args: readonly string[]) {
  if (args.includes('--help')) {
    console.log(HELP);
    process.exit(0);
  }
  const [name, secretArn = '', ...others] = args.filter((arg) => arg !== '--drop-previous');
  const isDropping = args.includes('--drop-previous');
  const kind = KINDS.find((one: Kind) => one === name);
  const [, region] = ARN.exec(secretArn) ?? [];
  // No message quotes an argument: it may be a key.
  if (others.length > 0 || (secretArn !== '' && region === undefined)) {
    fail(`The arguments are one of ${KINDS.join(', ')}, and the ARN of a secret. ${EXPOSED}`);
  }
  if (kind === undefined) fail(`The first argument must be one of ${KINDS.join(', ')}. ${EXPOSED}\n\n${HELP}`);
  if (region === undefined) fail(`The ARN of the secret is missing: does the stack have this output?\n\n${HELP}`);
  if (isDropping && !kind.startsWith('webhook')) fail(`AnyCheck's credentials have no previous value.\n\n${HELP}`);
  return { kind, arn: secretArn, region, isDropping };
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
