import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import workerThreads from 'node:worker_threads';

/** A unit test that leaves its process is one of test/engine or test/e2e. */
function refused(what: string) {
  // Not an arrow function: some of what it stands for is called with `new`.
  return function refuse(): never {
    throw new Error(`A test in test/unit may not ${what}. Move it to test/engine or test/e2e.`);
  };
}

const spawns = refused('start a process');
const { exec, execFile, execFileSync, execSync, fork, spawn, spawnSync } = childProcess;
const starts = Object.keys({ exec, execFile, execFileSync, execSync, fork, spawn, spawnSync });
Object.assign(childProcess, Object.fromEntries(starts.map((name) => [name, spawns])));
Object.assign(workerThreads, { Worker: refused('start a worker thread') });
Object.assign(net.Socket.prototype, { connect: refused('open a connection') });
Object.assign(net.Server.prototype, { listen: refused('listen on a socket') });
Object.assign(dgram, { createSocket: refused('open a socket') });
syncBuiltinESMExports();
