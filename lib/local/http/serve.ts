import type { Server } from 'node:http';

export interface Served {
  /** Without a trailing slash. */
  readonly url: string;
  /** Closes the server and all open connections at once. */
  close(): Promise<void>;
}

/**
 * Starts a server on a loopback address.
 * @param port 0: any free port.
 * @throws the system's error, such as EADDRINUSE.
 */
export async function serve(server: Server, port = 0, host = '127.0.0.1'): Promise<Served> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, host, resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  return {
    url: `http://${host}:${address.port}`,
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}
