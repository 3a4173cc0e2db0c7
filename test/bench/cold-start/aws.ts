import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Certificate } from '../../fakes/certificate.ts';
import { HEAD_ROWS, RESULT_ID, TEXT_ROW } from './rows.ts';

export const WEBHOOK_TOKEN = 'a-token-that-is-hard-to-guess';

/** What each operation of AWS answers, by what was body. */
const ANSWERS: Readonly<Record<string, (body: string) => object>> = {
  Query: (body) => {
    const Items = body.includes('"head#"') && body.includes(RESULT_ID) ? HEAD_ROWS : [];
    return { Items, Count: Items.length, ScannedCount: Items.length };
  },
  GetItem: (body) => {
    if (body.includes('head#schedule')) return { Item: HEAD_ROWS[1] };
    return body.includes('"rival"') ? { Item: TEXT_ROW } : {};
  },
  BatchGetItem: () => ({ Responses: {}, UnprocessedKeys: {} }),
  UpdateItem: () => ({}),
  PutItem: () => ({}),
  GetQueueAttributes: () => ({ Attributes: { ApproximateNumberOfMessages: '0' } }),
  SendMessageBatch: () => ({ Successful: [], Failed: [] }),
  GetSecretValue: () => ({ SecretString: JSON.stringify({ token: WEBHOOK_TOKEN }), VersionId: '1' }),
  PutLogEvents: () => ({ nextSequenceToken: '1' }),
  InitiateAuth: () => ({ AuthenticationResult: { AccessToken: 'access', RefreshToken: 'refresh' } }),
};

export interface Aws {
  readonly url: string;
  /** Requests since the last time this was body. */
  requests(): number;
  close(): void;
}

/** AWS over HTTPS, as far as first answers need it: the same for all candidates. */
export async function startAws({ key, cert }: Certificate): Promise<Aws> {
  let requests = 0;
  const server = createServer({ key, cert }, async (request, response) => {
    requests++;
    const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const answer = ANSWERS[operation]?.(await text(request));
    response
      .writeHead(answer ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': '1' })
      .end(JSON.stringify(answer ?? { __type: 'UnknownOperation', message: operation }));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  return {
    url: `https://127.0.0.1:${address.port}`,
    requests() {
      const seen = requests;
      requests = 0;
      return seen;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
