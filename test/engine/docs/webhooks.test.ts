import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { signedHeaders } from '../../../functions/adapters/https/signed-headers.ts';
import { webhookSender } from '../../../functions/adapters/https/webhook-sender.ts';
import { newSigningSecret } from '../../../functions/adapters/secrets/signing-secret.ts';
import { actEvent } from '../../../functions/domain/events/group-events.ts';
import { RETRY_DELAYS_MS } from '../../../functions/domain/webhooks/retry.ts';

const PAGE = readFileSync('docs/webhooks.md', 'utf8');
const blocksOf = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);
const [receiver = '', byHand = ''] = blocksOf('ts');
const [pythonReceiver = '', pythonByHand = ''] = blocksOf('python');

const directory = mkdtempSync(join(tmpdir(), 'webhooks-page-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;
if (!hasPython) console.warn('The receivers in Python are not run: there is no python3.');
// The package has the interface of the class on the page.
const hasLibrary = hasPython && spawnSync('python3', ['-c', 'import standardwebhooks']).status === 0;
if (!hasLibrary) writeFileSync(join(directory, 'standardwebhooks.py'), pythonByHand);

const SECRET = newSigningSecret();
const GROUP = '11111111-1111-4111-8111-111111111111';
const Address = z.object({ port: z.number() });

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = Address.parse(server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const node = (code: string) => [process.execPath, '--input-type=module-typescript', '-e', code];
const python = (code: string) => ['python3', '-c', code];

/** Runs a receiver of the page until the test ends. */
async function start([command = '', ...args]: readonly string[]) {
  const port = await freePort();
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, PYTHONPATH: directory, PORT: String(port), WEBHOOK_SECRET: SECRET },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const url = `http://127.0.0.1:${port}/anycheck`;
  await vi.waitFor(() => fetch(url, { method: 'POST' }), { timeout: 20_000, interval: 100 });
  let expected = '';
  const rules = { allowedHosts: [], allowedPorts: ['443'], ownHosts: [], allowLoopback: true };
  return {
    url,
    /** Waits for what it prints next, which is all that it has printed since. */
    async says(text: string) {
      expected += text;
      await vi.waitFor(() => expect(said).toBe(expected), { timeout: 5_000 });
    },
    /** Sends an event as the service does. */
    async send(body: object, secrets: readonly string[] = [SECRET], skewMs = 0) {
      const id = z.object({ id: z.string() }).parse(body).id;
      const sender = webhookSender({ ...rules, now: () => Date.now() + skewMs });
      return (await sender.send({ url, id, body: JSON.stringify(body), secrets })).answer;
    },
  };
}

const event = (version: number) => actEvent('group.redacted', GROUP, version, Date.now() + version);

describe.each([
  ['in TypeScript with the library', node(receiver), true],
  ['in TypeScript by hand', node(receiver.replace("import { Webhook } from 'standardwebhooks';\n", byHand)), true],
  ['in Python with the library', python(pythonReceiver), hasPython],
  [
    'in Python by hand',
    python(pythonReceiver.replace('from standardwebhooks import Webhook\n', pythonByHand)),
    hasPython,
  ],
] as const)('the receiver %s', (_, command, isRunnable) => {
  it.runIf(isRunnable)('accepts what the service signed, each event once, and knows which are late', async () => {
    const { send, says } = await start(command);
    const redacted = (what: string, version: number) => says(`${what} group.redacted ${GROUP} ${version}\n`);
    expect(await send(event(2))).toBe(204);
    await redacted('new', 2);
    const third = event(3);
    expect([await send(third), await send(third)]).toEqual([204, 204]);
    await redacted('new', 3);
    expect(await send(event(1))).toBe(204);
    await redacted('late', 1);
    expect(await send({ id: 'evt_ping', type: 'ping', timestamp: '', data: { endpoint_id: 'we_1' } })).toBe(204);
    await says('ping\n');
    // During a rotation, another secret signs too, before or after its own.
    expect(await send(event(4), [newSigningSecret(), SECRET])).toBe(204);
    await redacted('new', 4);
    expect(await send(event(5), [SECRET, newSigningSecret()])).toBe(204);
    await redacted('new', 5);
    // Clocks differ.
    expect(await send(event(6), [SECRET], -4 * 60_000)).toBe(204);
    await redacted('new', 6);
  });

  it.runIf(isRunnable)(
    'refuses what another one signed, what was changed, what is old, and what is too long',
    async () => {
      const { url, send, says } = await start(command);
      expect(await send(event(1), [newSigningSecret()])).toBe(400);
      expect(await send(event(1), [SECRET], -6 * 60_000)).toBe(400);
      expect(await send(event(1), [SECRET], 6 * 60_000)).toBe(400);
      const body = JSON.stringify(event(1));
      const headers = signedHeaders({ id: 'evt_1', body, secrets: [SECRET] }, Date.now());
      const status = async (more: Record<string, string>, text = body) => {
        const answer = await fetch(url, { method: 'POST', headers: { ...headers, ...more }, body: text });
        return answer.status;
      };
      expect(await status({}, body.replace('redacted', 'erased'))).toBe(400);
      expect(await status({ 'webhook-id': 'evt_2' })).toBe(400);
      for (const value of ['', 'v1', 'v1,', 'v1,AAAA', headers['webhook-signature'].replace('v1', 'v2'), 'é,é'])
        expect(await status({ 'webhook-signature': value })).toBe(400);
      for (const value of ['', 'NaN', '0', '1e99', '-1'])
        expect(await status({ 'webhook-timestamp': value })).toBe(400);
      expect(await status({}, 'x'.repeat(100_001)).catch(() => 413)).toBe(413);
      expect(await status({})).toBe(204);
      await says(`new group.redacted ${GROUP} 1\n`);
    },
  );
});

describe('docs/webhooks.md', () => {
  it('has the delays of the retries', () => {
    const named = (ms: number) => {
      if (ms < 60_000) return `${ms / 1000} s`;
      return ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;
    };
    const rows = RETRY_DELAYS_MS.map((ms, at) => `| ${at + 2} | ${named(ms)} |\n`);
    expect(PAGE).toContain(`${rows.join('')}| later ones | 12 h |\n`);
  });
});
