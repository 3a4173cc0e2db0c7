import dns from 'node:dns';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { webhookSender } from '../../../../../functions/adapters/https/webhook-sender.ts';
import { newSigningSecret } from '../../../../../functions/adapters/secrets/signing-secret.ts';
import { selfSigned } from '../../../../fakes/certificate.ts';
import { listening } from '../../../../fakes/listening.ts';
import { installNetwork } from '../../../../fakes/network.ts';

const PUBLIC = '93.184.215.14';
const NAME = 'hooks.example.com';
const trusted = selfSigned({ names: [NAME] });
const expired = selfSigned({ names: [NAME], until: Date.now() - 3_600_000 });

const sender = (deadlineMs = 5_000) =>
  webhookSender({
    allowedHosts: [],
    allowedPorts: ['443'],
    ownHosts: [],
    allowLoopback: false,
    now: Date.now,
    deadlineMs,
  });
const send = async (name = NAME, deadlineMs?: number) => {
  const request = { url: `https://${name}/`, id: 'evt_1', body: '{}', secrets: [newSigningSecret()] };
  return (await sender(deadlineMs).send(request)).answer;
};

const before = tls.getCACertificates('default');
beforeAll(() => tls.setDefaultCACertificates([trusted.cert, expired.cert]));
afterAll(() => tls.setDefaultCACertificates(before));

/** Starts a server and a network in which the name has its address. */
async function serving(
  server: net.Server,
  names: Parameters<typeof installNetwork>[0]['names'] = { [NAME]: [[PUBLIC]] },
) {
  const port = await listening(server);
  const restore = await installNetwork({ names, routes: {}, otherwise: port, through: [] });
  onTestFinished(() => {
    restore();
    server.close();
  });
}
const answering = (socket: net.Socket) =>
  socket.on('error', () => undefined).on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
const withTls = (options: tls.TlsOptions) => tls.createServer(options, answering).on('tlsClientError', () => undefined);

describe('a receiver with TLS', () => {
  it('is sent to under its name, with its certificate verified', async () => {
    const names: unknown[] = [];
    await serving(
      withTls({
        ...trusted,
        SNICallback(name, callback) {
          names.push(name);
          callback(null);
        },
      }),
    );
    expect(await send()).toBe(200);
    expect(names).toEqual([NAME]);
  });

  it.each([
    ['is of a foreign authority', selfSigned({ names: [NAME] })],
    ['has expired', expired],
  ])('is not sent to where its certificate %s', async (_, certificate) => {
    let requests = 0;
    await serving(withTls(certificate).on('secureConnection', (socket) => socket.on('data', () => requests++)));
    expect(await send()).toBe('TLS');
    expect(requests).toBe(0);
  });

  it('is not sent to where its certificate is for another name', async () => {
    await serving(withTls(trusted), { 'other.example.com': [[PUBLIC]] });
    expect(await send('other.example.com')).toBe('TLS');
  });

  it('is verified whatever the environment says', async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    await serving(withTls(selfSigned({ names: [NAME] })));
    expect(await send()).toBe('TLS');
  });

  it.each([
    ['speaks plain HTTP', answering],
    ['closes the connection', (socket: net.Socket) => socket.destroy()],
    ['resets the connection', (socket: net.Socket) => socket.once('data', () => socket.resetAndDestroy())],
  ])('that %s instead fails with TLS', async (_, receive) => {
    await serving(net.createServer(receive));
    expect(await send()).toBe('TLS');
  });

  it('that has only TLS 1.1 fails with TLS', async () => {
    await serving(withTls({ ...trusted, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }));
    expect(await send()).toBe('TLS');
  });

  it('that never ends its handshake fails at the deadline', async () => {
    await serving(net.createServer((socket) => socket.on('error', () => undefined).resume()));
    expect(await send(NAME, 300)).toBe('TIMEOUT');
  });

  it('that breaks the connection after the handshake fails with PROTOCOL', async () => {
    await serving(
      tls.createServer(trusted, (socket) => socket.on('error', () => undefined).on('data', () => socket.destroy())),
    );
    expect(await send()).toBe('PROTOCOL');
  });
});

describe('a name', () => {
  it.each([
    ['does not exist', {}],
    ['has no address', { [NAME]: [[]] }],
  ])('that %s fails with DNS', async (_, names) => {
    await serving(net.createServer(), names);
    expect(await send()).toBe('DNS');
  });

  it('that is never resolved fails at the deadline, and no answer after it does harm', async () => {
    const { lookup } = dns;
    const late = Promise.withResolvers<() => void>();
    Object.assign(dns, {
      lookup: (_host: string, _options: unknown, callback: Parameters<net.LookupFunction>[2]) =>
        late.resolve(() => callback(null, [{ address: PUBLIC, family: 4 }])),
    });
    syncBuiltinESMExports();
    onTestFinished(() => {
      Object.assign(dns, { lookup });
      syncBuiltinESMExports();
    });
    expect(await send(NAME, 300)).toBe('TIMEOUT');
    (await late.promise)();
    await new Promise(setImmediate);
  });

  it('whose first address does not answer is sent to at another one', async () => {
    const silent = net.createServer();
    const port = await listening(silent);
    silent.close();
    await once(silent, 'close');
    const server = withTls(trusted);
    const open = await listening(server);
    const names = { [NAME]: [['93.184.215.15', PUBLIC]] };
    const restore = await installNetwork({ names, routes: { [PUBLIC]: open }, otherwise: port, through: [] });
    onTestFinished(() => {
      restore();
      server.close();
    });
    expect(await send()).toBe(200);
  });
});
