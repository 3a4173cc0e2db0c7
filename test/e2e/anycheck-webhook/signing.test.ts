import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { synthesize } from '../../../lib/local/template/synthesize.ts';
import { DEFAULT_SIGNING } from '../../../lib/sandbox/webhooks/signature.ts';
import { temporaryDirectory } from '../../engine/lib/local/support/running.ts';
import { eventually, failureOf } from '../stack/calls.ts';
import { WEBHOOK_TOKEN } from '../stack/options.ts';
import { type Running, startRunning } from '../stack/running.ts';

const { signatureHeader, timestampHeader, signedText } = DEFAULT_SIGNING;
const SECRET = 'the-signing-secret';

const directory = temporaryDirectory();
let running: Running;
beforeAll(async () => {
  const context = {
    webhook_signature_header: signatureHeader,
    webhook_timestamp_header: timestampHeader,
    webhook_signed_text: signedText,
  };
  const assembly = await synthesize({ outdir: join(directory.path, 'cdk.out'), context, bundles: inject('bundles') });
  running = await startRunning({ assembly, sweepSeconds: 600 });
  running.stack.putSecret('webhook-secret', JSON.stringify({ token: WEBHOOK_TOKEN, signing_secret: SECRET }));
});
afterAll(async () => {
  await running?.stop();
  directory.remove();
});

const now = () => Math.floor(Date.now() / 1000);
const signatureOf = (body: string, at: number, secret = SECRET) =>
  createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
const give = async (body: string, at: number, signature: string, type = 'application/json') =>
  (
    await running.deliver(body, {
      [signatureHeader]: signature,
      [timestampHeader]: String(at),
      'content-type': type,
    })
  ).status;
const bodyOf = (id: string) => `{"result_id":"${id}", "note":"é"}`;

function hold(status: string, resultId: string = randomUUID(), more = ''): string {
  const item = `{"id":"${resultId}","status":"${status}"${more}}`;
  running.sandbox.controls.setGroup(resultId, `{"overall_status":"${status}","items":[${item}]}`);
  return resultId;
}
const isCompleted = async (id: string) => (await (await running.list(`result_id=${id}`)).text()).includes('COMPLETED');
const logs = () => Object.values(running.stack.logFiles).map((file) => readFileSync(file, 'utf8'));

describe('a delivery that has to be signed', () => {
  it.each(['application/json', 'application/octet-stream'])('is taken as %s', async (type) => {
    const id = hold('NEED_REVIEW');
    expect(await isCompleted(id)).toBe(false);
    hold('COMPLETED', id);
    const at = now();
    expect(await give(bodyOf(id), at, signatureOf(bodyOf(id), at), type)).toBe(202);
    await eventually(() => isCompleted(id), Boolean, 5_000);
  });

  it('is 401 where it is unsigned, signed with another secret, altered, old or of the future', async () => {
    const body = bodyOf(randomUUID());
    const at = now();
    expect(await give(body, at, signatureOf(body, at))).toBe(202);
    expect((await running.deliver(body)).status).toBe(401);
    expect(await give(body, at, signatureOf(body, at, 'another'))).toBe(401);
    expect(await give(`${body} `, at, signatureOf(body, at))).toBe(401);
    expect(await give(body, at + 1, signatureOf(body, at))).toBe(401);
    expect(await give(body, at - 310, signatureOf(body, at - 310))).toBe(401);
    expect(await give(body, at + 310, signatureOf(body, at + 310))).toBe(401);
    expect(await give('{', at, 'nonsense')).toBe(401);
    expect(await give('{', at, signatureOf('{', at))).toBe(400);
  });

  it('and is refused says why in the log, by its request alone', async () => {
    const response = await running.deliver(bodyOf(randomUUID()));
    expect(await failureOf(response)).toMatchObject({ error_code: 'INVALID_TOKEN' });
    const request = response.headers.get('x-request-id') ?? 'none';
    const lines = await eventually(
      async () => logs().flatMap((text) => text.split('\n').filter((line) => line.includes(request))),
      (found) => found.length > 0,
    );
    const line = { level: 'warn', event: 'webhook.refused', at: expect.any(String), request, reason: 'unsigned' };
    const metrics = { UnusableWebhooks: 1, FunctionName: expect.any(String), _aws: expect.any(Object) };
    expect(lines.map((text) => JSON.parse(text.slice(text.indexOf('{'))))).toEqual([{ ...line, ...metrics }]);
    for (const text of logs()) expect(text).not.toContain(SECRET);
  });

  it('is taken as AnyCheck’s sandbox signs it, with the secret that is known here', async () => {
    const answers = [];
    for (const secret of [SECRET, 'another']) {
      const more = `,"webhook_url":"${running.stack.webhookUrl}","webhook_metadata":{"webhook_secret":"${secret}"}`;
      const id = hold('COMPLETED', undefined, more);
      const delivery = await eventually(
        async () => running.sandbox.controls.deliveries().find(({ verification_id }) => verification_id === id),
        (one) => one !== undefined && one.answer !== null,
      );
      answers.push(delivery?.answer);
    }
    expect(answers).toEqual([202, 401]);
  });
});
