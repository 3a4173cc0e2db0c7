import { execFile } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { promisify } from 'node:util';
import { Webhook } from 'svix';
import { describe, expect, it, onTestFinished } from 'vitest';
import { webhookSender } from '../../../../../functions/adapters/https/webhook-sender.ts';
import { newSigningSecret } from '../../../../../functions/adapters/secrets/signing-secret.ts';
import { listening } from '../../../../fakes/listening.ts';

const BODY = '{"name":"Zoë"}';
const SECRETS = [newSigningSecret(), newSigningSecret()];
const NOW = Date.UTC(2026, 10, 29, 12, 0, 0);
const KB = 1024;

/** Sends to a URL of this machine. */
const sendTo = (url: string, deadlineMs = 5_000) =>
  webhookSender({
    allowedHosts: [],
    allowedPorts: ['443'],
    ownHosts: [],
    allowLoopback: true,
    now: () => NOW,
    deadlineMs,
  }).send({ url, id: 'evt_1', body: BODY, secrets: SECRETS });

/** Starts a receiver that does what it likes with a connection. */
async function receiver(receive: (socket: net.Socket, request: string) => void) {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    let request = '';
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      const isBefore = !request.endsWith(BODY);
      request += bytes.toString();
      if (isBefore && request.endsWith(BODY)) receive(socket, request);
    });
  });
  const port = await listening(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}/hook?a=b`, port, sockets };
}

/** Sends to a receiver that answers with these bytes and closes the connection. */
async function answered(text: string, deadlineMs?: number) {
  const { url } = await receiver((socket) => socket.end(text));
  return sendTo(url, deadlineMs);
}
const withStatus = (status: number, headers = '', body = '') =>
  `HTTP/1.1 ${status} Any\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;

describe('a request to a receiver', () => {
  it('is a POST of the body with the headers of Standard Webhooks', async () => {
    const requests: string[] = [];
    const { url, port } = await receiver((socket, request) => {
      requests.push(request);
      socket.end(withStatus(204));
    });
    const result = await sendTo(url);
    expect(result).toEqual({ answer: 204, durationMs: expect.any(Number), retryAfterSeconds: undefined });
    const [head = '', body] = requests[0]?.split('\r\n\r\n') ?? [];
    const [line, ...headers] = head.split('\r\n');
    expect(line).toBe('POST /hook?a=b HTTP/1.1');
    expect(body).toBe(BODY);
    expect(Object.fromEntries(headers.map((header) => header.toLowerCase().split(': ')))).toEqual({
      host: `127.0.0.1:${port}`,
      connection: 'close',
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(BODY)),
      'user-agent': 'anycheck-snapshots',
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(NOW / 1000),
      'webhook-signature': expect.stringMatching(/^v1,\S{44} v1,\S{44}$/i),
    });
    const signed = SECRETS.map((secret) => new Webhook(secret).sign('evt_1', new Date(NOW), BODY));
    expect(head).toContain(`webhook-signature: ${signed.join(' ')}`);
  });

  it('has a connection of its own, which is closed after it', async () => {
    const { url, sockets } = await receiver((socket) => socket.write(withStatus(200, 'connection: keep-alive\r\n')));
    let connections = 0;
    for (let times = 0; times < 3; times++) {
      const pending = sendTo(url);
      expect((await pending).answer).toBe(200);
      connections += sockets.size;
      await Promise.all(Array.from(sockets, (socket) => once(socket, 'close')));
    }
    expect(connections).toBe(3);
  });

  it.each(['localhost', '[::1]'])('goes to this machine under the name %s', async (host) => {
    const { port, url } = await receiver((socket) => socket.end(withStatus(200)));
    const server = net.createServer((socket) => socket.on('error', () => undefined).end(withStatus(200)));
    await listening(server, port, '::1');
    onTestFinished(() => void server.close());
    expect((await sendTo(url.replace('127.0.0.1', host))).answer).toBe(200);
  });

  it('uses no proxy of the environment', async () => {
    let proxied = 0;
    const proxy = await receiver(() => proxied++);
    const { url } = await receiver((socket) => socket.end(withStatus(200)));
    const proxyUrl = `http://127.0.0.1:${proxy.port}`;
    const file = new URL('../../../../../functions/adapters/https/webhook-sender.ts', import.meta.url);
    const script = `
      const { webhookSender } = await import(${JSON.stringify(String(file))});
      const rules = { allowedHosts: [], allowedPorts: ['443'], ownHosts: [], allowLoopback: true, now: Date.now };
      const request = { url: ${JSON.stringify(url)}, id: 'evt_1', body: ${JSON.stringify(BODY)}, secrets: [] };
      console.log((await webhookSender(rules).send(request)).answer);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script],
      {
        env: {
          ...process.env,
          NODE_USE_ENV_PROXY: '1',
          HTTP_PROXY: proxyUrl,
          http_proxy: proxyUrl,
          NO_PROXY: '',
          no_proxy: '',
        },
      },
    );
    expect(stdout.trim()).toBe('200');
    expect(proxied).toBe(0);
  });
});

describe('the answer is the status', () => {
  it.each([200, 201, 204, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 404, 410, 413, 429, 500, 503, 599])(
    '%d',
    async (status) => {
      const { answer, retryAfterSeconds } = await answered(withStatus(status, 'location: http://127.0.0.1:1/\r\n'));
      expect({ answer, retryAfterSeconds }).toEqual({ answer: status, retryAfterSeconds: undefined });
    },
  );

  it.each([
    [429, '120', 120],
    [503, 'Sun, 29 Nov 2026 12:05:00 GMT', 300],
    [503, '9999999', 86_400],
    [503, 'soon', undefined],
    [500, '120', undefined],
    [200, '120', undefined],
    [302, '120', undefined],
  ])('%d, with Retry-After: %s', async (status, text, expected) => {
    expect(await answered(withStatus(status, `retry-after: ${text}\r\n`))).toMatchObject({
      answer: status,
      retryAfterSeconds: expected,
    });
  });

  it('after interim answers', async () => {
    expect((await answered(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${withStatus(200)}`)).answer).toBe(200);
  });

  it('also of HTTP/1.0, without a length', async () => {
    expect((await answered('HTTP/1.0 200 OK\r\n\r\nreceived')).answer).toBe(200);
  });

  it.each([64 * KB - 1, 64 * KB, 64 * KB + 1, 10_000 * KB])('with a body of %d bytes', async (length) => {
    expect((await answered(withStatus(200, '', 'x'.repeat(length)))).answer).toBe(200);
  });

  it('with a body without an end, of which 64 KB are read', async () => {
    let sent = 0;
    const { url } = await receiver((socket) => {
      const chunk = `10000\r\n${'x'.repeat(64 * KB)}\r\n`;
      const write = () => {
        while (!socket.destroyed && socket.write(chunk)) sent++;
      };
      socket.on('drain', write);
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      write();
    });
    const { answer, durationMs } = await sendTo(url);
    expect(answer).toBe(200);
    expect(durationMs).toBeLessThan(2_000);
    // What the buffers of two sockets hold.
    expect(sent).toBeLessThan(200);
  });

  it.each([
    ['breaks off', (socket: net.Socket) => socket.end()],
    ['is reset', (socket: net.Socket) => socket.resetAndDestroy()],
    ['does not end', () => undefined],
  ])('of a failure whose body %s', async (_, then) => {
    const { url } = await receiver((socket) => {
      socket.write('HTTP/1.1 503 Any\r\ncontent-length: 10\r\nretry-after: 7\r\n\r\nx', () =>
        setTimeout(then, 50, socket),
      );
    });
    expect(await sendTo(url, 300)).toMatchObject({ answer: 503, retryAfterSeconds: 7 });
  });
});

describe('a broken answer is a class of failure', () => {
  it.each([
    ['nothing', ''],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['HTML alone', '<!doctype html><html></html>'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a status line alone', 'HTTP/1.1 200 OK\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n'],
    ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx'],
    ['a length beside chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a body that is too short', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort'],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n'],
    ['chunks without an end', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n'],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
    ['a flood of interim answers', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100_000)],
  ])('PROTOCOL: %s', async (_, text) => {
    expect((await answered(text)).answer).toBe('PROTOCOL');
  });

  it.each([
    ['one long header', `x: ${'x'.repeat(1000 * KB)}\r\n`],
    ['many headers', 'x: y\r\n'.repeat(100_000)],
  ])('TOO_LONG: %s', async (_, headers) => {
    expect((await answered(withStatus(200, headers))).answer).toBe('TOO_LONG');
  });

  it('PROTOCOL: the connection is reset before, during and after the answer', async () => {
    const parts = ['', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nx'];
    for (const part of parts) {
      const { url } = await receiver((socket) =>
        socket.write(part, () => setTimeout(() => socket.resetAndDestroy(), 20)),
      );
      expect((await sendTo(url)).answer).toBe('PROTOCOL');
    }
    const { url } = await receiver((socket) => socket.write(withStatus(200), () => socket.resetAndDestroy()));
    expect([200, 'PROTOCOL']).toContain((await sendTo(url)).answer);
  });

  it('CONNECT: nothing listens', async () => {
    const server = net.createServer();
    const port = await listening(server);
    server.close();
    await once(server, 'close');
    expect((await sendTo(`http://127.0.0.1:${port}`)).answer).toBe('CONNECT');
  });

  it('PROTOCOL: what can not be sent is not sent', async () => {
    const rules = { allowedHosts: [], allowedPorts: ['443'], ownHosts: [], allowLoopback: true, now: Date.now };
    let connections = 0;
    const { url } = await receiver(() => connections++);
    for (const request of [{ id: 'a\r\nb' }, { secrets: ['whsec_*'] }]) {
      const { answer } = await webhookSender(rules).send({
        url,
        id: 'evt_1',
        body: BODY,
        secrets: SECRETS,
        ...request,
      });
      expect(answer).toBe('PROTOCOL');
    }
    expect(connections).toBe(0);
  });
});

describe('the deadline of 15 seconds covers', () => {
  const DEADLINE_MS = 400;
  /** Writes a beginning, and then a text again and again, so often that no timeout of idle sockets applies. */
  const trickle =
    (beginning: string, text: string, intervalMs = 20) =>
    (socket: net.Socket) => {
      socket.write(beginning);
      const timer = setInterval(() => socket.write(text), intervalMs);
      socket.on('close', () => clearInterval(timer));
    };

  it.each([
    ['no answer', () => undefined],
    ['a slow status line', trickle('HTTP/1.1 200 ', 'x')],
    ['slow headers', trickle('HTTP/1.1 200 OK\r\n', 'x')],
    ['interim answers', trickle('', 'HTTP/1.1 103 Early Hints\r\n\r\n', 60)],
    ['a slow body', trickle('HTTP/1.1 200 OK\r\n\r\n', 'x')],
    ['slow trailers', trickle('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n', 'x')],
  ])('%s', async (_, receive) => {
    const { url } = await receiver(receive);
    const { answer, durationMs } = await sendTo(url, DEADLINE_MS);
    expect(answer).toBe('TIMEOUT');
    expect(durationMs).toBeGreaterThanOrEqual(DEADLINE_MS - 5);
    expect(durationMs).toBeLessThan(DEADLINE_MS + 1_000);
  });
});
