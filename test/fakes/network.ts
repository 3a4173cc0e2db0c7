import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { listening } from './listening.ts';

/** Name resolution and routes of a process. Plain data, so that a parent process can send it to a child. */
export interface Network {
  /** The addresses of each name, by lookup: the first one gets the first list. The last list repeats. */
  readonly names: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** The port of this machine that a connection to an address comes to. */
  readonly routes: Readonly<Record<string, number>>;
  /** The port that every other connection comes to. */
  readonly otherwise: number;
  /** Ports of this machine that stay as they are. */
  readonly through: readonly number[];
}

type Connect = (request: unknown, address: string, port: number) => number;

/**
 * Replaces the name resolution of this process, and what its sockets do in the end: below every check of an address, the
 * operating system is given another one.
 * @returns a function that undoes it.
 */
export async function installNetwork({ names, routes, otherwise, through }: Network): Promise<() => void> {
  const lookups = new Map<string, number>();
  const { lookup } = dns;
  const handle = await handlePrototype();
  const connect: Connect = handle.connect;
  const connect6: Connect = handle.connect6;

  function stub(host: string, options: dns.LookupOptions, callback: LookupCallback) {
    if (net.isIP(host) !== 0) return lookup(host, options, callback);
    const answers = names[host];
    const count = lookups.get(host) ?? 0;
    lookups.set(host, count + 1);
    const addresses = (answers?.[Math.min(count, answers.length - 1)] ?? []).map((address) => ({
      address,
      family: net.isIPv6(address) ? 6 : 4,
    }));
    const [first] = addresses;
    const error = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    setImmediate(() => {
      if (!first) callback(error, []);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  }
  function rerouted(original: Connect): Connect {
    return function connectElsewhere(this: unknown, request, address, port) {
      const isLocal = ['127.0.0.1', '::1'].includes(address);
      if (isLocal && through.includes(port)) return Reflect.apply(original, this, [request, address, port]);
      return Reflect.apply(connect, this, [request, '127.0.0.1', routes[address] ?? otherwise]);
    };
  }

  Object.assign(dns, { lookup: stub });
  Object.assign(handle, { connect: rerouted(connect), connect6: rerouted(connect6) });
  syncBuiltinESMExports();
  return () => {
    Object.assign(dns, { lookup });
    Object.assign(handle, { connect, connect6 });
    syncBuiltinESMExports();
  };
}

type LookupCallback = Parameters<net.LookupFunction>[2];

/** The prototype of what a socket is made of inside Node.js. */
async function handlePrototype() {
  const server = net.createServer();
  await listening(server);
  const prototype = Object.getPrototypeOf(Reflect.get(server, '_handle'));
  server.close();
  return prototype;
}
