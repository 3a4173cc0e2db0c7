import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

let guarded = false;

/**
 * Drops every connection to this process that comes from another machine. The queue engine listens on all addresses and
 * cannot be told otherwise, and nothing in a local run asks for a password that is worth the name.
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

/** A UNIX socket has no address and cannot be reached from elsewhere. */
const isLoopback = (address: string | undefined): boolean =>
  address === undefined || address === '::1' || /^(::ffff:)?127\./.test(address);
