import { randomUUID } from 'node:crypto';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { failureOf } from '../stack/calls.ts';
import { startRunning } from '../stack/running.ts';

const AWS = { region: REGION, credentials: CREDENTIALS };

describe('a fault on our side', () => {
  it.each(['queue', 'table', 'secret'] as const)(
    'of the %s is 500, so that AnyCheck may send it again',
    async (what) => {
      const broken = await startRunning({ sweepSeconds: 600 });
      onTestFinished(() => broken.stop());
      const id = randomUUID();
      broken.sandbox.controls.setGroup(
        id,
        `{"overall_status":"NEED_REVIEW","items":[{"id":"${id}","status":"NEED_REVIEW"}]}`,
      );
      expect((await broken.list(`result_id=${id}`)).status).toBe(200);
      const { stack } = broken;
      if (what === 'table') {
        const dynamodb = new DynamoDBClient({ ...AWS, endpoint: stack.dynamodbEndpoint });
        await dynamodb.send(new DeleteTableCommand({ TableName: stack.outputs.TableName }));
      }
      if (what === 'secret') stack.putSecret('webhook-secret', '{"token":"short"}');
      if (what === 'queue') {
        const sqs = new SQSClient({ ...AWS, endpoint: stack.queueEndpoint });
        await sqs.send(new DeleteQueueCommand({ QueueUrl: stack.outputs.RefreshQueueUrl }));
      }
      const response = await broken.deliver({
        event: 'verification.status_changed',
        result_id: id,
        verification_id: id,
        status: 'COMPLETED',
      });
      expect(response.status).toBe(500);
      expect(await failureOf(response)).toMatchObject({ error_code: 'INTERNAL_SERVER_ERROR' });
    },
  );
});
