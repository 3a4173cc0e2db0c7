import https from 'node:https';
import net from 'node:net';
import { type Certificate, selfSigned } from './certificate.ts';
import { REDIRECTING, SERVED_NAMES } from './hostile-urls.ts';
import { listening } from './listening.ts';

export interface HostileServers {
  /** The certificate that the sender's process has to trust. */
  readonly certificate: Certificate;
  /** The port of the server that public addresses stand for, and of the canaries on this machine. */
  readonly port: number;
  readonly canaryPort: number;
  /** Connections so far to the canaries. */
  readonly touched: () => number;
  /** Requests so far to the server. */
  readonly requests: () => number;
  close(): void;
}

/** Starts a receiver with TLS, which leaves its connections open, and canaries on both loopback addresses. */
export async function startHostileServers(): Promise<HostileServers> {
  const certificate = selfSigned({ names: SERVED_NAMES });
  let touched = 0;
  let requests = 0;
  const canary = () =>
    net.createServer((socket) => {
      touched++;
      socket.destroy();
    });
  const canaries = [canary(), canary()] as const;
  const canaryPort = await listening(canaries[0]);
  await listening(canaries[1], canaryPort, '::1');
  const server = https.createServer({ ...certificate, keepAliveTimeout: 60_000 }, (request, response) => {
    requests++;
    const isRedirect = request.headers.host === REDIRECTING;
    const headers = { connection: 'keep-alive', ...(isRedirect && { location: `http://127.0.0.1:${canaryPort}/` }) };
    response.writeHead(isRedirect ? 302 : 200, headers).end('received');
  });
  const port = await listening(server);
  return {
    certificate,
    port,
    canaryPort,
    touched: () => touched,
    requests: () => requests,
    close() {
      server.close();
      server.closeAllConnections();
      for (const one of canaries) one.close();
    },
  };
}
