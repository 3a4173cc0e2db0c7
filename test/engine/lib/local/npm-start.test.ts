import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { lockDirectory } from '../../../../lib/local/storage/lock.ts';
import { startProcess } from './support/process.ts';
import { temporaryDirectory } from './support/running.ts';

const directory = temporaryDirectory();
afterAll(() => directory.remove());
const DATA_DIR = join(directory.path, 'data');
const start = (variables: Record<string, string> = {}) => {
  const running = startProcess('bin/local.ts', { PORT: '0', DATA_DIR, ...variables });
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return running;
};

function portOf(server: Server): string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? String(address.port) : '';
}

describe('npm start ends with one line and status 1', () => {
  const refused = async (variables: Record<string, string>, line: string | RegExp) => {
    const running = start(variables);
    expect((await running.ended()).status).toBe(1);
    expect(running.said().trim()).toMatch(line);
    expect(running.said().trim().split('\n')).toHaveLength(1);
  };

  it('when a variable is malformed', () => refused({ PORT: 'x' }, /^PORT must be a port number/));

  it('when an AnyCheck is given without credentials', () =>
    refused(
      { ANYCHECK_BASE_URL: 'http://127.0.0.1:9', ANYCHECK_API_KEY: '' },
      /ANYCHECK_API_KEY.*ANYCHECK_EMAIL.*ANYCHECK_PASSWORD/,
    ));

  it.each(['PORT', 'SANDBOX_PORT', 'DYNAMODB_PORT', 'QUEUES_PORT', 'EVENTS_PORT', 'ISSUER_PORT', 'TOKEN_PORT'])(
    'when the port that %s names is in use',
    async (variable) => {
      const server = createServer().listen(0, '127.0.0.1');
      onTestFinished(() => void server.close());
      await once(server, 'listening');
      const port = portOf(server);
      await refused({ [variable]: port }, `Port ${port} is in use: choose another with ${variable}.`);
    },
    60_000,
  );

  it('when two variables name the same port', () =>
    refused({ DYNAMODB_PORT: '4000', QUEUES_PORT: '4000' }, /^DYNAMODB_PORT and QUEUES_PORT are both 4000: /));
});

it('npm start uses the ports that its variables name', { timeout: 90_000 }, async () => {
  const names = ['PORT', 'SANDBOX_PORT', 'DYNAMODB_PORT', 'QUEUES_PORT', 'EVENTS_PORT', 'ISSUER_PORT', 'TOKEN_PORT'];
  const servers = names.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map(portOf);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  const running = start(Object.fromEntries(names.map((name, at) => [name, ports[at] ?? ''])));
  await running.says('Ready.');
  const printed = [...running.said().matchAll(/http:\/\/127\.0\.0\.1:(\d+)/g)].map(([, port]) => port);
  expect(new Set(printed)).toEqual(new Set(ports));
  running.child.kill('SIGTERM');
  expect((await running.ended()).status).toBe(0);
});

it('npm start runs the app until a signal, heard twice, ends it with status 0, and starts again without a synthesis', {
  timeout: 90_000,
}, async () => {
  // Relative, as the default is.
  const running = start({ LOCAL_PASSWORD: 'it\'s "quoted" $HOME', DATA_DIR: relative(process.cwd(), DATA_DIR) });
  await running.says('Ready.');
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(running.said())?.[0];
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect(running.said()).toContain(`${url}/docs\n`);
  expect((await fetch(`${url}/docs`)).status).toBe(200);
  expect(running.said()).toContain(`${url}/console\n`);
  expect((await fetch(`${url}/console`)).status).toBe(200);

  const second = start();
  expect((await second.ended()).status).toBe(1);
  expect(second.said()).toMatch(
    /^\S+ is in use by another run: stop that one, or choose another directory with DATA_DIR\.\n$/,
  );

  const lines = running
    .said()
    .split('\n')
    .filter((line) => /^(TOKEN=|curl )/.test(line));
  expect(lines).toHaveLength(3);
  const { stdout } = await promisify(execFile)('sh', ['-c', lines.join('\necho\n')]);
  const [body = '', ...headers] = stdout.split('\n').filter((line) => line !== '');
  expect(JSON.parse(body)).toMatchObject({ total: 3 });
  expect(headers.join('\n')).toMatch(/^HTTP\/1.1 200 OK[\s\S]*x-snapshot-version: \d/);

  const before = running.said();
  running.child.kill('SIGINT');
  running.child.kill('SIGTERM');
  setTimeout(() => running.child.kill('SIGINT'), 50);
  const { status, ms } = await running.ended();
  expect([status, running.said().slice(before.length)]).toEqual([0, '']);
  expect(ms).toBeLessThan(5000);

  const assembly = () => statSync(join(DATA_DIR, 'cdk.out', 'manifest.json')).ino;
  const first = assembly();
  const again = start();
  await again.says('Ready.');
  expect(assembly()).toBe(first);
  again.child.kill('SIGTERM');
  await again.ended();
});

it('npm start ends with an npm that was killed, and leaves its data to the next', { timeout: 30_000 }, async () => {
  const data = join(directory.path, 'orphaned');
  const node = `'${process.execPath}' --disable-warning=ExperimentalWarning bin/local.ts; true`;
  const variables = { PATH: process.env.PATH, npm_lifecycle_event: 'start', PORT: '0', DATA_DIR: data };
  const npm = spawn('sh', ['-c', node], { env: variables, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => npm.once('close', resolve));
  await vi.waitFor(() => expect(existsSync(join(data, 'state.db'))).toBe(true), { timeout: 10_000 });
  expect(() => lockDirectory(data)).toThrow('is in use');
  npm.kill('SIGKILL');
  await ended;
  lockDirectory(data)();
});

it('a signal while it starts ends it just as well', { timeout: 30_000 }, async () => {
  const data = join(directory.path, 'cut-short');
  const running = start({ DATA_DIR: data });
  await vi.waitFor(() => expect(existsSync(join(data, 'state.db'))).toBe(true), { timeout: 10_000 });
  running.child.kill('SIGTERM');
  const { status, ms } = await running.ended();
  expect([status, running.said()]).toEqual([0, '']);
  expect(ms).toBeLessThan(5000);
});
