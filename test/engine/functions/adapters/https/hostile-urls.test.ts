import net from 'node:net';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { webhookSender } from '../../../../../functions/adapters/https/webhook-sender.ts';
import { newSigningSecret } from '../../../../../functions/adapters/secrets/signing-secret.ts';
import { startHostileServers } from '../../../../fakes/hostile-servers.ts';
import { type SendingOptions, testHostileUrls } from '../../../../fakes/hostile-suite.ts';
import { hostileNetwork } from '../../../../fakes/hostile-urls.ts';
import { installNetwork } from '../../../../fakes/network.ts';

async function open({ servers, ...rules }: SendingOptions) {
  const trusted = tls.getCACertificates('default');
  tls.setDefaultCACertificates([servers.certificate.cert]);
  const restore = await installNetwork(hostileNetwork(servers.port, servers.canaryPort));
  const printed: unknown[] = [];
  const print = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(text) > 0);
  const sender = webhookSender({ ...rules, allowedHosts: [], allowLoopback: false, now: Date.now });
  return {
    async send(url: string) {
      const { answer } = await sender.send({ url, id: 'evt_1', body: '{}', secrets: [newSigningSecret()] });
      return answer;
    },
    printed: () => printed.join(''),
    close() {
      print.mockRestore();
      restore();
      tls.setDefaultCACertificates(trusted);
    },
  };
}

testHostileUrls('the sender of webhooks', open);

describe('the network of these tests', () => {
  it('leads an unchecked connection to any other address to a canary, which counts it', async () => {
    const servers = await startHostileServers();
    const restore = await installNetwork(hostileNetwork(servers.port, servers.canaryPort));
    onTestFinished(() => {
      restore();
      servers.close();
    });
    for (const [index, host] of ['10.0.0.1', '127.0.0.1', '::1', 'localhost', '10-0-0-1.names.example.com'].entries()) {
      const socket = net.connect({ host, port: 443 }).on('error', () => undefined);
      await new Promise((resolve) => socket.on('close', resolve));
      expect(servers.touched()).toBe(index + 1);
    }
  });
});
