import { spawn, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { AwsError, serveAwsJson } from '../../../lib/local/http/aws-json.ts';
import type { Served } from '../../../lib/local/http/serve.ts';

const ARN = 'arn:aws:secretsmanager:ap-southeast-3:123456789012:secret:Secret-a1B2c3';
const KEY = 'ak_live_51H8-never-shown/+=';
const TOKEN = 'a-token-of-32-characters-or-more';
const KeyOf = z.looseObject({ key: z.string() });
const Put = z.object({ SecretId: z.literal(ARN), SecretString: z.string() });
/** `script` of util-linux runs a command on a pseudo-terminal. */
const hasTerminal = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
if (!hasTerminal) console.warn('The hidden prompt is left out: there is no `script` of util-linux to make a terminal.');

let secretsManager: Served;
/** The value of the secret; undefined where it has none. */
let stored: string | undefined;
/** Whether PutSecretValue refuses. */
let isRefused = false;
/** Command lines and environments of all processes while the value was stored, where /proc shows them. */
let processes = '';

beforeAll(async () => {
  secretsManager = await serveAwsJson({
    operations: {
      GetSecretValue() {
        if (stored === undefined) throw new AwsError('ResourceNotFoundException', 'no value');
        return { ARN, SecretString: stored };
      },
      PutSecretValue(input) {
        const { SecretString } = Put.parse(input);
        for (const file of globSync('/proc/[0-9]*/{cmdline,environ}')) {
          try {
            processes += readFileSync(file, 'utf8');
          } catch {
            // The process ended, or belongs to another user.
          }
        }
        if (isRefused) throw new AwsError('InvalidRequestException', `not the value ${SecretString}`);
        stored = SecretString;
        return { ARN, VersionId: 'v2' };
      },
    },
  });
});
afterAll(() => secretsManager.close());
beforeEach(() => {
  stored = undefined;
  isRefused = false;
  processes = '';
});

interface Ran {
  readonly status: number | null;
  readonly said: string;
}

function start(file: string, args: readonly string[]) {
  const child = spawn(file, args, {
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      SHELL: '/bin/sh',
    },
  });
  let said = '';
  const ended = new Promise<Ran>((resolve) => child.once('close', (status) => resolve({ status, said })));
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      said += chunk;
      for (const watch of watchers) watch();
    });
  }
  const says = (text: string) =>
    new Promise<void>((resolve) => {
      const watch = () => said.includes(text) && resolve();
      watchers.add(watch);
      watch();
    });
  return { child, ended, says };
}

const SCRIPT = 'bin/put-credentials.ts';

/** Runs the program with its standard input from a pipe. */
function piped(args: readonly string[], input: string): Promise<Ran> {
  const { child, ended } = start(process.execPath, [SCRIPT, ...args]);
  child.stdin.end(input);
  return ended;
}

/** Runs the program on a terminal. @param typed what is typed at which prompt. @param early typed before the first. */
async function onTerminal(args: readonly string[], typed: readonly [string, string][], early = ''): Promise<Ran> {
  const command = [process.execPath, SCRIPT, ...args].join(' ');
  const { child, ended, says } = start('script', ['-qec', command, '/dev/null']);
  child.stdin.write(early);
  for (const [prompt, text] of typed) {
    await says(prompt);
    child.stdin.write(text);
  }
  return ended;
}

/** The stored fields; the value has been in no output, command line or environment. */
function expectStored({ status, said }: Ran, ...secrets: string[]): unknown {
  expect(said).toContain(`Stored as version v2 of ${ARN}. The functions read it within a minute.`);
  expect(status).toBe(0);
  if (globSync('/proc/[0-9]*').length > 0) expect(processes).toContain(SCRIPT);
  for (const secret of secrets) {
    expect(said).not.toContain(secret);
    expect(processes).not.toContain(secret);
  }
  return JSON.parse(stored ?? '');
}

describe('npm run put-credentials', () => {
  it.each(['', '\n', '\r\n'])('stores an API key from standard input that ends with %j', async (end) => {
    expect(expectStored(await piped(['anycheck', ARN], `${KEY}${end}`), KEY)).toEqual({ api_key: KEY });
  });

  it('stores email and password, each from a line of its own', async () => {
    const ran = await piped(['anycheck-login', ARN], 'siti@example.com\nof horses and staples\n');
    const value = { email: 'siti@example.com', password: 'of horses and staples' };
    expect(expectStored(ran, value.password)).toEqual(value);
  });

  it.each([
    ['', 'Standard input must hold one line.'],
    [`${KEY}\n${KEY}`, 'Standard input must hold one line.'],
    [`${KEY} and more`, 'The functions could not use this value. Nothing was stored.'],
    [`{"api_key":"${KEY}"}`, 'Pass the value alone, not as JSON. Nothing was stored.'],
  ])('stores no key that the functions could not use (%j)', async (input, reason) => {
    expect(await piped(['anycheck', ARN], input)).toEqual({ status: 1, said: `${reason}\n` });
    expect(stored).toBeUndefined();
  });

  it('does not print the key that an error of Secrets Manager quotes', async () => {
    isRefused = true;
    const { status, said } = await piped(['anycheck', ARN], KEY);
    expect(said).toContain('InvalidRequestException: not the value');
    expect(said).not.toContain(KEY);
    expect(status).toBe(1);
  });

  it.each([
    [['anycheck', KEY]],
    [['anycheck', ARN, KEY]],
    [[KEY]],
    [['anycheck', `--api-key=${KEY}`, ARN]],
    [['anycheck', '--key', KEY, ARN]],
  ])('refuses a key among its arguments, without quoting it, and says that the key is exposed (%#)', async (args) => {
    const { status, said } = await piped(args, KEY);
    expect(status).toBe(2);
    expect(said).toContain('A key must never be an argument: other users of this machine see command lines');
    expect(said).toContain('it is exposed: end it at AnyCheck, and create another one.');
    expect(said).not.toContain(KEY);
    expect(stored).toBeUndefined();
  });

  it('says that the ARN is missing where the stack has no such output', async () => {
    const { status, said } = await piped(['anycheck', ''], KEY);
    expect([status, said.split('\n')[0]]).toEqual([
      2,
      'The ARN of the secret is missing: does the stack have this output?',
    ]);
  });

  it('generates a webhook token and keeps the present one as the previous one, beside all other fields', async () => {
    stored = JSON.stringify({ token: TOKEN, signing_secret: 'shared', contact: 'ops' });
    const ran = await piped(['webhook-token', ARN], '');
    const value = expectStored(ran, TOKEN);
    const token = expect.stringMatching(/^[\w-]{48}$/);
    expect(value).toEqual({ token, previous_token: TOKEN, signing_secret: 'shared', contact: 'ops' });
    const again = await piped(['webhook-token', ARN], '');
    expect(again.said).toBe(
      'The previous token is still valid. End it first, with --drop-previous. Nothing was stored.\n',
    );
    expect(again.status).toBe(1);
    const dropped = expectStored(await piped(['webhook-token', ARN, '--drop-previous'], ''));
    expect(dropped).toEqual({ token, signing_secret: 'shared', contact: 'ops' });
  });

  it('stores a signing secret, the first one and then one that makes it the previous one', async () => {
    stored = JSON.stringify({ token: TOKEN });
    const first = await piped(['webhook-signing-secret', ARN], 'first secret\n');
    expect(expectStored(first, 'first secret')).toEqual({ token: TOKEN, signing_secret: 'first secret' });
    const same = await piped(['webhook-signing-secret', ARN], 'first secret\n');
    expect(same).toEqual({ status: 0, said: 'The secret holds this signing_secret. Nothing was stored.\n' });
    const second = await piped(['webhook-signing-secret', ARN], 'second secret\n');
    expect(expectStored(second, 'second secret')).toEqual({
      token: TOKEN,
      signing_secret: 'second secret',
      previous_signing_secret: 'first secret',
    });
  });

  it('generates a key of the keyring, and keeps all previous ones until they are dropped', async () => {
    const first = 'the-first-key-of-at-least-32-characters';
    stored = JSON.stringify({ key: first, previous_keys: [], contact: 'ops' });
    const none = await piped(['webhook-keyring', ARN, '--drop-previous'], '');
    expect(none).toEqual({ status: 0, said: 'There is no previous key. Nothing was stored.\n' });
    const key = expect.stringMatching(/^[\w-]{64}$/);
    const second = expectStored(await piped(['webhook-keyring', ARN], ''), first);
    expect(second).toEqual({ key, previous_keys: [first], contact: 'ops' });
    const third = expectStored(await piped(['webhook-keyring', ARN], ''), first);
    expect(third).toEqual({ key, previous_keys: [key, first], contact: 'ops' });
    expect(third).not.toHaveProperty('key', KeyOf.parse(second).key);
    const dropped = expectStored(await piped(['webhook-keyring', ARN, '--drop-previous'], ''));
    expect(dropped).toEqual({ key: KeyOf.parse(third).key, previous_keys: [], contact: 'ops' });
  });

  it.each(['{"token":"a-token-of-32-characters-or-more"}', '{"key":"short"}', '{"key":7}'])(
    'generates no key where the secret is no keyring (%s)',
    async (text) => {
      stored = text;
      const ran = await piped(['webhook-keyring', ARN], '');
      expect(ran).toEqual({ status: 1, said: 'The secret holds no usable keyring. Nothing was stored.\n' });
      expect(stored).toBe(text);
    },
  );

  it('keeps at most 16 previous keys', async () => {
    const keys = Array.from({ length: 16 }, (_, at) => `key-${at}-of-at-least-32-characters-or-more`);
    stored = JSON.stringify({ key: keys[0], previous_keys: keys });
    const ran = await piped(['webhook-keyring', ARN], '');
    expect(ran).toEqual({ status: 1, said: 'The functions could not use this value. Nothing was stored.\n' });
  });

  it.each(['not JSON with a secret', '{"token":"short"}'])(
    'leaves a webhook secret alone that it cannot use (%s)',
    async (text) => {
      stored = text;
      const { status, said } = await piped(['webhook-signing-secret', ARN], 'secret');
      expect(status).toBe(1);
      expect(said).toMatch(/Nothing was stored\.\n$/);
      expect(said).not.toContain(text);
      expect(stored).toBe(text);
    },
  );
});

describe.runIf(hasTerminal)('npm run put-credentials on a terminal', () => {
  it('reads the key at a prompt that does not show it', async () => {
    const ran = await onTerminal(['anycheck', ARN], [['API key: ', `wrong\x15${KEY}x\x7f\r`]]);
    expect(expectStored(ran, KEY)).toEqual({ api_key: KEY });
  });

  it('reads email and password one after the other', async () => {
    const ran = await onTerminal(
      ['anycheck-login', ARN],
      [
        ['Email: ', 'siti@example.com\r'],
        ['Password: ', 'pass word\r'],
      ],
    );
    expect(expectStored(ran, 'pass word')).toEqual({ email: 'siti@example.com', password: 'pass word' });
  });

  it('stores nothing where lines arrive before the prompt: they belong to the shell', async () => {
    const { status, said } = await onTerminal(['anycheck', ARN], [], 'output ApiUrl\n');
    expect(said).toContain('Input arrived before the prompt. Nothing was stored.');
    expect([status, stored]).toEqual([1, undefined]);
  });

  it('stores nothing where more than one line is pasted', async () => {
    const { status, said } = await onTerminal(['anycheck', ARN], [['API key: ', `${KEY}\routput ApiUrl\r`]]);
    expect(said).toContain('Several lines were pasted. Nothing was stored.');
    expect(said).not.toContain(KEY);
    expect([status, stored]).toEqual([1, undefined]);
  });

  it('stores nothing after Ctrl-C', async () => {
    const { status, said } = await onTerminal(['anycheck', ARN], [['API key: ', `${KEY}\x03`]]);
    expect(said).toContain('Interrupted. Nothing was stored.');
    expect([status, stored]).toEqual([1, undefined]);
  });
});
