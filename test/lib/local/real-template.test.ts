import { readFileSync, writeFileSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CognitoIdentityProviderClient, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as jose from 'jose';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { loadSigningKey } from '../../../lib/local/issuer/signing-key.ts';
import { type LocalStack, startLocal } from '../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { openState } from '../../../lib/local/state.ts';
import { synthesize } from '../../../lib/local/synthesize.ts';
import { temporaryDirectory } from './support/running.ts';

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
type Template = z.infer<typeof Template>;

const directory = temporaryDirectory();
const assembly = join(directory.path, 'assembly');

beforeAll(async () => {
  await synthesize({ outdir: assembly });
});
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
    expect((await fetch(`${stack.url}/health`)).status).toBe(200);
    expect((await fetch(`${stack.url}/nowhere`)).status).toBe(401);
    expect((await fetch(`${stack.url}/verifications`)).status).toBe(401);
    await vi.waitFor(() => expect(scheduledLog(stack).match(/START/g)?.length).toBeGreaterThanOrEqual(2), {
      timeout: 8000,
    });
    expect(await afterSending(stack)).toBe('0');
  } finally {
    await stack.close();
  }
});

it('every route of the template but the public ones refuses whoever has no right token', {
  timeout: 60_000,
}, async () => {
  const routes: { key: string; open: boolean }[] = [];
  const stack = await edited('guarded', (template) => {
    for (const [, { Properties }] of ofType(template, 'AWS::ApiGatewayV2::Route')) {
      routes.push({ key: String(Properties.RouteKey), open: Properties.AuthorizationType === 'NONE' });
    }
  });
  try {
    const bad = await badTokens(stack, join(directory.path, 'guarded-data'));
    for (const { key } of routes.filter(({ open }) => !open)) {
      const [method = 'GET', path = '/'] = key === '$default' ? ['GET', '/nowhere'] : key.split(' ');
      for (const [kind, token] of Object.entries(bad)) {
        const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
        const { status } = await fetch(stack.url + path.replaceAll(/[{}+]/g, ''), { method, headers });
        expect([key, kind, status]).toEqual([key, kind, kind === 'id token' ? 403 : 401]);
      }
    }
    const open = routes.filter((route) => route.open).map(({ key }) => key);
    expect(open.toSorted()).toEqual(['GET /health', 'POST /auth/login', 'POST /auth/refresh']);
  } finally {
    await stack.close();
  }
});

/** Tokens by what is wrong with them, each otherwise right. */
async function badTokens(stack: LocalStack, dataDir: string): Promise<Record<string, string>> {
  const cognito = new CognitoIdentityProviderClient({
    endpoint: stack.cognitoEndpoint,
    region: REGION,
    credentials: CREDENTIALS,
  });
  const { AuthenticationResult: tokens } = await cognito.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: stack.outputs.UserPoolClientId,
      AuthParameters: { USERNAME: 'operator@example.com', PASSWORD: 'local-password' },
    }),
  );
  const [header = '', claims = '', signature = ''] = tokens?.AccessToken?.split('.') ?? [];
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { alg, kid, ...payload } = {
    ...jose.decodeProtectedHeader(tokens?.AccessToken ?? ''),
    ...jose.decodeJwt(tokens?.AccessToken ?? ''),
  };
  const state = openState(join(dataDir, 'state.db'));
  const key = await loadSigningKey(state);
  state.close();
  const { privateKey } = await jose.generateKeyPair('RS256');
  return {
    missing: '',
    foreign: await new jose.SignJWT(payload)
      .setProtectedHeader({ alg: String(alg), kid: String(kid) })
      .sign(privateKey),
    expired: await key.sign({ ...payload, iat: 1, exp: 2 }),
    tampered: [header, encoded({ ...payload, username: 'someone-else' }), signature].join('.'),
    'alg none': [encoded({ alg: 'none', kid }), claims, ''].join('.'),
    'id token': tokens?.IdToken ?? '',
  };
}

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
