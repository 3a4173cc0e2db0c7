import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostileServers, startHostileServers } from './hostile-servers.ts';
import { ALLOWED_URLS, hostileUrls, OWN_HOST } from './hostile-urls.ts';

/** Something that sends webhooks in a process with the network of `hostileNetwork`. */
export interface Sending {
  /** Makes one attempt. @returns its answer: a status, or the class of a failure. */
  send(url: string): Promise<unknown>;
  /** What it has printed so far. */
  printed(): string;
  close(): Promise<void> | void;
}

/** What the sender is configured with. */
export interface SendingOptions {
  readonly servers: HostileServers;
  readonly allowedPorts: readonly string[];
  readonly ownHosts: readonly string[];
}

/** Tests a sender with every hostile URL. @param open starts it, after the servers. */
export function testHostileUrls(what: string, open: (options: SendingOptions) => Promise<Sending>): void {
  // The port is known when the servers run. Titles need none.
  const titles = hostileUrls(PORT).map(({ title }, index) => [title.replaceAll(`:${PORT}`, ''), index] as const);

  describe(what, () => {
    let servers: HostileServers;
    let sending: Sending;
    beforeAll(async () => {
      servers = await startHostileServers();
      const allowedPorts = ['443', String(servers.canaryPort)];
      sending = await open({ servers, allowedPorts, ownHosts: [OWN_HOST.toUpperCase()] });
    });
    afterAll(async () => {
      await sending.close();
      servers.close();
    });

    it('is tried with many kinds of targets', () => expect(titles.length).toBeGreaterThan(100));

    it.each(titles)('opens no connection that it must not to %s', async (_title, index) => {
      const target = hostileUrls(servers.canaryPort)[index];
      const touched = servers.touched();
      for (const outcome of target?.outcomes ?? []) {
        const before = servers.requests();
        expect(await sending.send(target?.url ?? '')).toBe(outcome);
        expect(servers.requests() - before).toBe(outcome === 'REFUSED_ADDRESS' ? 0 : 1);
        expect(servers.touched()).toBe(touched);
      }
    });

    it.each(ALLOWED_URLS)('sends to $title', async ({ url, outcomes }) => {
      const before = servers.requests();
      expect(await sending.send(url)).toBe(outcomes[0]);
      expect(servers.requests() - before).toBe(1);
    });

    it('has touched no canary in the end', () => expect(servers.touched()).toBe(0));

    it('prints no host name, address, URL or secret', () => {
      expect(sending.printed()).not.toMatch(/example\.com|localhost|127\.0|169\.254|::1|https?:|whsec_/i);
    });
  });
}

const PORT = 65_000;
