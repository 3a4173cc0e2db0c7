import type { Server } from 'node:net';

/** Starts any server of TCP on this machine. @param port 0: any free port. @returns the port. */
export async function listening(server: Server, port = 0, host = '127.0.0.1'): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, host, resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  return address.port;
}
