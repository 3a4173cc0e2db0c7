import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { runHere } from '../support/running.ts';

const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address;

it.skipIf(outside === undefined)('no engine answers over the network', async () => {
  const stack = await runHere({ resources: {} });
  for (const url of [stack.url, stack.queueEndpoint, stack.dynamodbEndpoint, stack.secretsEndpoint]) {
    const { promise, resolve } = Promise.withResolvers<string>();
    let said = '';
    const socket = connect(Number(new URL(url).port), outside, () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
    socket.on('data', (chunk) => (said += chunk)).on('error', () => {});
    socket.once('close', () => resolve(said));
    expect(await promise).toBe('');
    expect((await fetch(url)).status).toBeGreaterThan(0);
  }
});
