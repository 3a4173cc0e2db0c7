import { readFileSync, writeFileSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, expect, inject, it, vi } from 'vitest';
import * as z from 'zod';
import { type LocalStack, startLocal } from '../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { temporaryDirectory } from '../../engine/lib/local/support/running.ts';
import { described } from '../stack/calls.ts';

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
type Template = z.infer<typeof Template>;

const directory = temporaryDirectory();
const assembly = inject('assembly');
afterAll(() => directory.remove());

/** The app's own template after an edit, running. */
async function edited(name: string, edit: (template: Template) => void): Promise<LocalStack> {
  const place = join(directory.path, name);
  await cp(assembly, place, { recursive: true });
  const file = (await readdir(place)).find((one) => one.endsWith('.template.json')) ?? '';
  const template = Template.parse(JSON.parse(readFileSync(join(place, file), 'utf8')));
  edit(template);
  writeFileSync(join(place, file), JSON.stringify(template));
  return startLocal({ assembly: place, dataDir: join(directory.path, `${name}-data`), sweepSeconds: 0.5 });
}

const ofType = (template: Template, type: string) =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
const remove = (template: Template, type: string) => {
  for (const [logicalId] of ofType(template, type)) delete template.Resources[logicalId];
};

/** The log of the function that a schedule of the template invokes. */
function scheduledLog(stack: LocalStack): string {
  const template = Template.parse(
    JSON.parse(readFileSync(join(assembly, 'anycheck-snapshots-local.template.json'), 'utf8')),
  );
  const [, schedule] = ofType(template, 'AWS::Scheduler::Schedule')[0] ?? [];
  const target = JSON.stringify(schedule?.Properties.Target);
  const [, file = ''] = Object.entries(stack.logFiles).find(([logicalId]) => target.includes(`"${logicalId}"`)) ?? [];
  return readFileSync(file, 'utf8');
}

/** What waits in the queue that has a dead-letter queue, once a message was put there. */
async function afterSending(stack: LocalStack): Promise<string | undefined> {
  const sqs = new SQSClient({ endpoint: stack.queueEndpoint, region: REGION, credentials: CREDENTIALS });
  for (const QueueUrl of Object.values(stack.queueUrls)) {
    const about = async () =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes;
    if ((await about())?.RedrivePolicy === undefined) continue;
    const ids = { MessageGroupId: 'edited', MessageDeduplicationId: 'edited' };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', ...ids }));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return (await about())?.ApproximateNumberOfMessages;
  }
  return undefined;
}

it('the template as it is: its routes answer, its schedule fires, its queue is read', { timeout: 60_000 }, async () => {
  const stack = await edited('as-it-is', () => {});
  try {
    const callDescribed = await described(stack);
    expect((await callDescribed(`${stack.url}/health`)).status).toBe(200);
    expect((await callDescribed(`${stack.url}/nowhere`)).status).toBe(401);
    expect((await callDescribed(`${stack.url}/verifications`)).status).toBe(401);
    await vi.waitFor(() => expect(scheduledLog(stack).match(/START/g)?.length).toBeGreaterThanOrEqual(2), {
      timeout: 8000,
    });
    expect(await afterSending(stack)).toBe('0');
  } finally {
    await stack.close();
  }
});

it('an edit of the template is an edit of the local run', { timeout: 60_000 }, async () => {
  const stack = await edited('changed', (template) => {
    for (const [, route] of ofType(template, 'AWS::ApiGatewayV2::Route')) {
      if (route.Properties.RouteKey === 'GET /health') route.Properties.RouteKey = 'GET /renamed';
      if (route.Properties.RouteKey === '$default') Object.assign(route.Properties, { AuthorizationType: 'NONE' });
    }
    remove(template, 'AWS::Scheduler::Schedule');
    remove(template, 'AWS::Lambda::EventSourceMapping');
  });
  try {
    expect((await fetch(`${stack.url}/renamed`)).status).toBe(200);
    const health = await fetch(`${stack.url}/renamed`);
    const old = await fetch(`${stack.url}/health`);
    expect(await old.text()).not.toBe(await health.text());
    expect(await afterSending(stack)).toBe('1');
    expect(scheduledLog(stack)).not.toContain('START');
  } finally {
    await stack.close();
  }
});
