import { exec, execFile, execFileSync, execSync, fork, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { get } from 'node:http';
import { connect, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

const SENTENCE = /^A test in test\/unit may not .*\. Move it to test\/engine or test\/e2e\.$/;

it.each<[string, () => unknown]>([
  ['exec', () => exec('true')],
  ['execFile', () => execFile('true')],
  ['execFileSync', () => execFileSync('true')],
  ['execSync', () => execSync('true')],
  ['fork', () => fork('true')],
  ['spawn', () => spawn('true')],
  ['spawnSync', () => spawnSync('true')],
  ['new Worker', () => new Worker('', { eval: true })],
  ['net.connect', () => connect(9, '127.0.0.1')],
  ['http.get', () => get('http://127.0.0.1:9')],
  ['listen', () => createServer().listen(0)],
  ['a datagram socket', () => createSocket('udp4')],
])('a unit test that calls %s fails, and the error says where it belongs', (_, act) => {
  expect(act).toThrow(SENTENCE);
});

it('a unit test that fetches fails', async () => {
  await expect(fetch('http://127.0.0.1:8080')).rejects.toMatchObject({
    cause: { message: expect.stringMatching(SENTENCE) },
  });
});
