import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { answering, httpApi, lambda } from '../support/assembly.ts';
import { startProcess } from '../support/process.ts';
import { run, scratch } from '../support/running.ts';

// test/e2e/webhook-endpoints/listen.test.ts runs it beside the service.

const printing = (dataDir: string, variables: Record<string, string> = {}) => {
  const running = startProcess('bin/listen.ts', { DATA_DIR: dataDir, ...variables });
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return running;
};
async function refused(dataDir: string, line: string, variables: Record<string, string> = {}) {
  const running = printing(dataDir, variables);
  expect((await running.ended()).status).toBe(1);
  expect(running.said()).toBe(`${line}\n`);
}

it('npm run listen ends with one line and status 1 where nothing runs, or its port is no port', async () => {
  const dataDir = scratch();
  await refused(
    dataDir,
    `No local run uses the directory ${dataDir}: start one with \`npm start\`, or name its directory with DATA_DIR.`,
  );
  await refused(dataDir, 'LISTEN_PORT must be a port number from 0 (any free one) to 65535, not "70000".', {
    LISTEN_PORT: '70000',
  });
});

it('npm run listen needs a token where another issuer gives them out, and ends with the run', async () => {
  const directory = scratch();
  const dataDir = join(directory, 'data');
  const routes = { 'GET /webhook-endpoints': 'Fn', 'POST /webhook-endpoints': 'Fn' };
  const body = "{ items: [], id: 'we_1', secret: 'whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0' }";
  const resources = { ...httpApi(routes), Fn: lambda('fn') };
  const stack = await run({ resources, bundles: { fn: answering(body) } }, directory);
  onTestFinished(() => stack.close());
  expect(statSync(join(dataDir, 'access.json')).mode & 0o777).toBe(0o600);
  await refused(dataDir, 'Another issuer gives out the tokens of this run: set LISTEN_TOKEN to the token of an admin.');

  const running = printing(dataDir, { LISTEN_TOKEN: 'token' });
  await running.says('Time of receipt');
  expect(running.said()).toContain(
    `Connected to the local run in ${dataDir} at ${stack.url}: webhook endpoint we_1, http://127.0.0.1:`,
  );
  await stack.close();
  expect((await running.ended()).status).toBe(0);
  expect(running.said()).toMatch(/\nThe local run ended\.\n$/);
  await refused(
    dataDir,
    `No local run uses the directory ${dataDir}: start one with \`npm start\`, or name its directory with DATA_DIR.`,
  );
});
