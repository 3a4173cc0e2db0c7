import { createHash, createHmac } from 'node:crypto';
import { Agent, request } from 'node:https';

/**
 * The floor: one read of DynamoDB without any library. It signs, and that is all: no retries, no timeouts, no checks of what
 * comes in, no errors that a caller could read.
 */

const env = (name: string) => process.env[name] ?? '';
const endpoint = new URL(env('AWS_ENDPOINT_URL_DYNAMODB'));
const agent = new Agent({ keepAlive: true });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

function authorization(headers: Readonly<Record<string, string>>, body: string, time: string): string {
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const scope = `${time.slice(0, 8)}/${env('AWS_REGION')}/dynamodb/aws4_request`;
  const canonical = `POST\n/\n\n${lines.join('')}\n${names}\n${sha256(body)}`;
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${env('AWS_SECRET_ACCESS_KEY')}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${env('AWS_ACCESS_KEY_ID')}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

async function getItem(key: object): Promise<string> {
  const body = JSON.stringify({ TableName: env('TABLE_NAME'), Key: key, ConsistentRead: true });
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const headers = { host: endpoint.host, 'x-amz-date': time, 'x-amz-target': 'DynamoDB_20120810.GetItem' };
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request(
    endpoint,
    {
      method: 'POST',
      agent,
      headers: {
        ...headers,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-security-token': env('AWS_SESSION_TOKEN'),
        authorization: authorization(headers, body, time),
      },
    },
    (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    },
  )
    .on('error', reject)
    .end(body);
  return promise;
}

export const handler = async (event: { rawQueryString: string }) => {
  const id = new URLSearchParams(event.rawQueryString).get('result_id') ?? '';
  const { Item } = JSON.parse(await getItem({ pk: { S: id }, sk: { S: 'rival' } }));
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: Item.page.S };
};
