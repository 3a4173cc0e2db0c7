import { exec, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { runningSandbox } from './caller.ts';

function start(port: string, webhookUrl = '') {
  const env = { ...process.env, SANDBOX_PORT: port, SANDBOX_WEBHOOK_URL: webhookUrl };
  const child = spawn(process.execPath, ['bin/sandbox.ts'], { env });
  return { child, ended: once(child, 'exit') };
}

test('alone, it prints where it is and curl lines that work, and one signal ends it', async () => {
  const { child, ended } = start('0');
  const [printed] = await once(child.stdout, 'data');
  const lines = String(printed)
    .split('\n')
    .filter((line) => line.startsWith('  curl '));
  expect(lines).toHaveLength(3);
  const run = promisify(exec);
  const answers = [];
  for (const line of lines) answers.push((await run(`${line.trim()} -sS`)).stdout);
  expect(answers[0]).toMatch(/^\{"total":3,/);
  expect(answers[1]).toMatch(/^\{"access_token":/);
  expect(answers[2]).toBe('');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test('a port in use is one clear line and exit 1, and so is nonsense', async () => {
  const { port } = new URL((await runningSandbox()).url);
  const refused = async (given: string) => {
    const { child, ended } = start(given);
    return [await text(child.stderr), ...(await ended)];
  };
  expect(await refused(port)).toEqual([`Port ${port} is in use. Set SANDBOX_PORT to another one.\n`, 1, null]);
  expect(await refused('many')).toEqual(['SANDBOX_PORT must be a port number, not "many".\n', 1, null]);
});

test('it sends status changes where its settings name a URL, and refuses to call another machine', async () => {
  const url = 'http://127.0.0.1:4011/hook';
  const { child, ended } = start('0', url);
  const [printed] = await once(child.stdout, 'data');
  expect(String(printed)).toContain(`All groups but 8 have ${url}.`);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  const refused = start('0', 'https://lender.example/');
  expect([await text(refused.child.stderr), ...(await refused.ended)]).toEqual([
    'SANDBOX_WEBHOOK_URL must be an HTTP address on this machine, not "https://lender.example/".\n',
    1,
    null,
  ]);
});
