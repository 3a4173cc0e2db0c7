import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import * as z from 'zod';
import { deliverMessageOf } from '../../../../functions/adapters/aws/deliver-message.ts';
import { eventSk, groupKey } from '../../../../functions/adapters/dynamodb/layout/keys.ts';
import { deliveryLog } from '../../../../functions/adapters/dynamodb/webhooks/delivery-log.ts';
import { dispatchStore } from '../../../../functions/adapters/dynamodb/webhooks/dispatch-store.ts';
import { webhookEndpoints } from '../../../../functions/adapters/dynamodb/webhooks/endpoints.ts';
import { encryptionKey } from '../../../../functions/adapters/secrets/encryption-key.ts';
import { secretBox } from '../../../../functions/adapters/secrets/secret-box.ts';
import { newSigningSecret } from '../../../../functions/adapters/secrets/signing-secret.ts';
import type { Env } from '../../../../functions/deliver/env.ts';
import { EVENT_TYPES } from '../../../../functions/domain/events/event.ts';
import { actEvent } from '../../../../functions/domain/events/group-events.ts';
import { deliveryId } from '../../../../functions/domain/webhooks/delivery.ts';
import { bundle } from '../../../../lib/bundle.ts';
import { serveAwsJson } from '../../../../lib/local/http/aws-json.ts';
import { CREDENTIALS, REGION } from '../../../../lib/local/names.ts';
import { type Engine, startEmbedded } from '../../../fakes/engine.ts';
import { testHostileUrls } from '../../../fakes/hostile-suite.ts';
import { hostileNetwork } from '../../../fakes/hostile-urls.ts';
import { lambdaContext } from '../../../fakes/http-event.ts';
import { installNetwork } from '../../../fakes/network.ts';

const KEY = 'k'.repeat(64);
const RESULT_ID = '00000000-0000-4000-8000-000000000001';
const Handler = z.object({
  handler: z.function({ input: [z.unknown(), z.unknown()], output: z.promise(z.unknown()) }),
});
const Batch = z.object({ Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string() })) });

testHostileUrls('the bundle of Deliver, as it is deployed,', async ({ servers, allowedPorts, ownHosts }) => {
  const engine = await startEmbedded();
  const table = await engine.table();
  const aws = await serveAwsJson({ operations: { GetSecretValue: keyring, SendMessageBatch: accepted } });
  const directory = mkdtempSync(join(tmpdir(), 'deliver-'));
  const address = await engine.address();
  environment(aws.url, address, {
    TABLE_NAME: table,
    DELIVER_QUEUE_URL: `${aws.url}/deliver`,
    EVENT_BUS_NAME: 'bus',
    SLOTS_PER_ENDPOINT: '2',
    KEYRING_SECRET_ARN: 'arn:keyring',
    WEBHOOK_ALLOWED_HOSTS: '',
    WEBHOOK_ALLOWED_PORTS: allowedPorts.join(),
    OWN_HOSTS: ownHosts.join(),
    WEBHOOK_ALLOW_LOOPBACK: 'false',
  });
  bundle('deliver', directory);
  const trusted = tls.getCACertificates('default');
  tls.setDefaultCACertificates([servers.certificate.cert]);
  const through = [address, aws.url].map((url) => Number(new URL(url).port));
  const restore = await installNetwork(hostileNetwork(servers.port, servers.canaryPort, through));
  const { handler } = Handler.parse(createRequire(import.meta.url)(join(directory, 'index.js')));

  const printed: unknown[] = [];
  const print = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(text) > 0);

  return {
    printed: () => printed.join(''),
    async send(url) {
      const delivery = await stored({ engine, table }, url);
      const body = deliverMessageOf(delivery);
      await handler(
        { Records: [{ messageId: '1', body, attributes: { ApproximateReceiveCount: '1' } }] },
        lambdaContext(),
      );
      const log = deliveryLog({ client: engine.client, table });
      const { attempts = [] } = (await log.get(delivery.endpointId, delivery.deliveryId)) ?? {};
      return attempts.length === 1 ? attempts[0]?.answer : attempts;
    },
    async close() {
      print.mockRestore();
      restore();
      tls.setDefaultCACertificates(trusted);
      vi.unstubAllEnvs();
      rmSync(directory, { recursive: true, force: true });
      await Promise.all([aws.close(), engine.stop()]);
    },
  };
});

function environment(aws: string, dynamodb: string, own: Env): void {
  const settings = {
    ...own,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SQS: aws,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws,
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
}

const keyring = () => ({ SecretString: JSON.stringify({ key: KEY }) });

/** Accepts messages as SQS does. */
const accepted = (input: unknown) => ({
  Successful: Batch.parse(input).Entries.map(({ Id, MessageBody }) => ({
    Id,
    MessageId: Id,
    MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
  })),
  Failed: [],
});

/** Stores an endpoint with a URL, as if it had been allowed once, and a delivery to it. @returns its message. */
async function stored({ engine: { client }, table }: { readonly engine: Engine; readonly table: string }, url: string) {
  const at = Date.now();
  const endpointId = `we_${randomBytes(16).toString('base64url')}`;
  const event = { ...actEvent('group.redacted', RESULT_ID, 1, at), id: `evt_${randomBytes(16).toString('base64url')}` };
  const { id: eventId, type } = event;
  const row = { pk: groupKey(RESULT_ID), sk: eventSk(eventId), v: 1, type, version: 1, body: JSON.stringify(event) };
  await client.send(new PutCommand({ TableName: table, Item: row }));
  const box = secretBox(async () => [encryptionKey(KEY)]);
  const endpoint = {
    id: endpointId,
    url,
    description: '',
    eventTypes: EVENT_TYPES,
    isEnabled: true,
    disabledReason: undefined,
    secrets: [{ version: 1, sealed: await box.seal(newSigningSecret(), endpointId, 1), until: undefined }],
    createdAt: at,
    updatedAt: at,
    revision: 1,
  };
  const announcement = {
    id: eventId,
    type: 'webhook_endpoint.created',
    timestamp: event.timestamp,
    body: '{}',
  } as const;
  await webhookEndpoints({ client, table }).create(endpoint, announcement);
  const delivered = { eventId, type, resultId: RESULT_ID, version: 1, at };
  const delivery = {
    ...delivered,
    id: deliveryId(delivered),
    status: 'pending',
    cancelReason: undefined,
    attempts: [],
    attemptCount: 0,
    retriesSince: at,
    nextAttempt: at,
    due: undefined,
  } as const;
  await dispatchStore({ client, table }, Date.now).add(endpointId, delivery);
  return { endpointId, deliveryId: delivery.id, due: at };
}
