import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

let guarded = false;

/**
 * Closes every connection to this process from another machine. The queue engine listens on all addresses and has no
 * option to change that, and a local run has only well-known credentials.
 */
export function refuseOtherMachines(): void {
  if (guarded) return;
  guarded = true;
  subscribe('net.server.socket', (message) => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return;
    const { socket } = message;
    if (socket instanceof Socket && !isLoopback(socket.remoteAddress)) socket.destroy();
  });
}

/** A UNIX socket has no address, and other machines cannot connect to it. */
const isLoopback = (address: string | undefined): boolean =>
  address === undefined || address === '::1' || /^(::ffff:)?127\./.test(address);
