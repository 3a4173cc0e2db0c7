import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { HttpResponse } from '@smithy/core/protocols';
import * as z from 'zod';

const Sent = z.object({ Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string() })) });

const ENDPOINT = 'https://sqs.invalid';

/** The real client of SQS, before a queue that takes everything after a while. @param takes ms of one call. */
export function distantSqs(takes: number): { client: SQSClient; url: string; taken: () => number } {
  let taken = 0;
  const client = new SQSClient({
    endpoint: ENDPOINT,
    region: 'ap-southeast-3',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: {
      async handle({ body: sent }: { body: Uint8Array }) {
        await sleep(takes);
        const { Entries } = Sent.parse(JSON.parse(new TextDecoder().decode(sent)));
        taken += Entries.length;
        const Successful = Entries.map(({ Id, MessageBody }) => ({
          Id,
          MessageId: Id,
          MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
        }));
        const body = Buffer.from(JSON.stringify({ Successful }));
        return {
          response: new HttpResponse({
            statusCode: 200,
            headers: { 'content-type': 'application/x-amz-json-1.0' },
            body,
          }),
        };
      },
    },
  });
  return { client, url: `${ENDPOINT}/000000000000/groups.fifo`, taken: () => taken };
}
