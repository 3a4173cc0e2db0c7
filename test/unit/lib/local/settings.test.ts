import { describe, expect, it } from 'vitest';
import { LocalFault } from '../../../../lib/local/fault.ts';
import { dataDirOf, parseLocalSettings } from '../../../../lib/local/settings.ts';

describe('the environment of npm start', () => {
  it('may be empty', () => {
    expect(parseLocalSettings({})).toEqual({
      port: 3000,
      dataDir: '.local',
      sweepSeconds: 10,
      sandboxPort: 0,
      dynamodbPort: 0,
      queuesPort: 0,
      eventsPort: 0,
      issuerPort: 0,
      tokenPort: 0,
      user: { email: 'operator@example.com', password: 'local-password', groups: ['admin'] },
      webhookToken: 'local-webhook-token',
    });
  });

  it('sets everything that it names', () => {
    const settings = parseLocalSettings({
      PORT: '3100',
      DATA_DIR: '/data',
      DYNAMODB_ENDPOINT: 'http://localhost:8000/',
      ANYCHECK_BASE_URL: 'https://staging-api.anycheck.ai',
      ANYCHECK_EMAIL: 'a@example.com',
      ANYCHECK_PASSWORD: 'p',
      SWEEP_SECONDS: '0.5',
      SANDBOX_PORT: '4000',
      QUEUES_PORT: '4001',
      EVENTS_PORT: '4004',
      ISSUER_PORT: '4002',
      TOKEN_PORT: '4003',
      LOCAL_EMAIL: 'me@example.com',
      LOCAL_PASSWORD: "it's mine",
      WEBHOOK_TOKEN: 'a-token_of.my~own',
    });
    expect(settings).toEqual({
      port: 3100,
      dataDir: '/data',
      dynamodbEndpoint: 'http://localhost:8000',
      anycheckBaseUrl: 'https://staging-api.anycheck.ai',
      anycheckCredentials: { email: 'a@example.com', password: 'p' },
      sweepSeconds: 0.5,
      sandboxPort: 4000,
      dynamodbPort: 0,
      queuesPort: 4001,
      eventsPort: 4004,
      issuerPort: 4002,
      tokenPort: 4003,
      user: { email: 'me@example.com', password: "it's mine", groups: ['admin'] },
      webhookToken: 'a-token_of.my~own',
    });
  });

  it('treats an empty variable as unset', () => {
    const empty = {
      PORT: '',
      DATA_DIR: '',
      ANYCHECK_BASE_URL: '',
      ANYCHECK_API_KEY: '',
      ANYCHECK_EMAIL: '',
      LOCAL_EMAIL: '',
    };
    expect(parseLocalSettings(empty)).toEqual(parseLocalSettings({}));
  });

  it('names the same data directory to the programs that read it', () => {
    for (const DATA_DIR of [undefined, '', '/data']) {
      expect(dataDirOf({ DATA_DIR })).toBe(parseLocalSettings({ DATA_DIR }).dataDir);
    }
  });

  it('prefers an API key to a login', () => {
    const both = { ANYCHECK_API_KEY: 'k', ANYCHECK_EMAIL: 'a@example.com', ANYCHECK_PASSWORD: 'p' };
    expect(parseLocalSettings(both).anycheckCredentials).toEqual({ apiKey: 'k' });
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT must be a port number from 0 (any free one) to 65535, not "abc".'],
    [{ PORT: '70000' }, 'PORT must be a port number from 0 (any free one) to 65535, not "70000".'],
    [{ PORT: '-1' }, 'PORT must be a port number from 0 (any free one) to 65535, not "-1".'],
    [{ QUEUES_PORT: 'x' }, 'QUEUES_PORT must be a port number from 0 (any free one) to 65535, not "x".'],
    [
      { QUEUES_PORT: '4000', TOKEN_PORT: '4000' },
      'QUEUES_PORT and TOKEN_PORT are both 4000: choose another port for one of them.',
    ],
    [{ ISSUER_PORT: '3000' }, 'PORT and ISSUER_PORT are both 3000: choose another port for one of them.'],
    [
      { DYNAMODB_PORT: '4000', DYNAMODB_ENDPOINT: 'http://localhost:8000' },
      'DYNAMODB_PORT has no effect with DYNAMODB_ENDPOINT: unset one of them.',
    ],
    [{ SWEEP_SECONDS: '0' }, 'SWEEP_SECONDS must be a number of seconds from 0.1 to 86400, not "0".'],
    [{ WEBHOOK_TOKEN: 'short' }, 'WEBHOOK_TOKEN must be 16 to 256 letters, digits, -, ., _ and ~, not "short".'],
    [
      { WEBHOOK_TOKEN: 'no/slashes/in/a/path' },
      'WEBHOOK_TOKEN must be 16 to 256 letters, digits, -, ., _ and ~, not "no/slashes/in/a/path".',
    ],
    [{ DYNAMODB_ENDPOINT: 'localhost' }, 'DYNAMODB_ENDPOINT must be an http(s) URL, not "localhost".'],
    [
      { ANYCHECK_BASE_URL: 'ftp://x', ANYCHECK_API_KEY: 'k' },
      'ANYCHECK_BASE_URL must be an http(s) URL, not "ftp://x".',
    ],
    [
      { ANYCHECK_BASE_URL: 'http://localhost:4000' },
      'ANYCHECK_BASE_URL is set without credentials: set ANYCHECK_API_KEY, or ANYCHECK_EMAIL and ANYCHECK_PASSWORD.',
    ],
    [
      { ANYCHECK_EMAIL: 'a@example.com' },
      'ANYCHECK_EMAIL and ANYCHECK_PASSWORD belong together: set both, or ANYCHECK_API_KEY.',
    ],
  ])('%j is refused with one sentence', (environment, sentence) => {
    expect(() => parseLocalSettings(environment)).toThrow(new LocalFault(sentence));
  });

  it.each(['http://h/?a=1', 'http://h/?', 'http://h/#a', 'http://user:secret@h', 'http://user@h/path'])(
    'the base URL %s is refused by name, and not repeated',
    (url) => {
      expect(() => parseLocalSettings({ ANYCHECK_BASE_URL: url, ANYCHECK_API_KEY: 'k' })).toThrow(
        new LocalFault('ANYCHECK_BASE_URL must be an http(s) URL without query, fragment and user.'),
      );
    },
  );
});
