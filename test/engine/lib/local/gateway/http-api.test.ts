import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { LocalStack } from '../../../../../lib/local/main.ts';
import { answering, httpApi, lambda } from '../support/assembly.ts';
import { run, temporaryDirectory } from '../support/running.ts';

const directory = temporaryDirectory();
let stack: LocalStack;

beforeAll(async () => {
  stack = await run(
    {
      resources: {
        ...httpApi({
          'GET /echo': 'Echo',
          'POST /echo/{who}': 'Echo',
          'GET /files/{proxy+}': 'Echo',
          'POST /reply': 'Reply',
          'HEAD /headers': 'Headers',
          'GET /slow': 'Slow',
          'GET /deep/{id}': 'Echo',
          'GET /deep/{id}/leaf': 'Echo',
          'ANY /deep/two': 'Echo',
          'POST /deep/two': 'Echo',
          'ANY /deep/{proxy+}': 'Echo',
          'PATCH /deep/{proxy+}': 'Echo',
        }),
        Echo: lambda('echo'),
        Reply: lambda('reply'),
        Headers: lambda('headers'),
        Slow: lambda('slow', { Timeout: 1 }),
      },
      bundles: {
        echo: answering('event'),
        headers: `exports.handler = async (event) => ({ statusCode: 200, headers: { 'content-length': event.rawQueryString, etag: '"1"' } });`,
        // Answers with what it is sent, as it is, or fails as it is told.
        reply: `exports.handler = async (event) => {
          const { fail, large, result } = JSON.parse(event.body);
          if (fail) throw new Error(fail);
          return large ? { statusCode: 200, body: 'x'.repeat(large) } : result;
        };`,
        slow: 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 60000));',
      },
    },
    directory.path,
  );
});
afterAll(async () => {
  await stack.close();
  directory.remove();
});

const Event = z.looseObject({
  body: z.string().optional(),
  isBase64Encoded: z.boolean(),
  headers: z.record(z.string(), z.string()),
  requestContext: z.looseObject({ requestId: z.string(), time: z.string(), timeEpoch: z.number() }),
});
const eventOf = async (answer: Response) => Event.parse(await answer.json());

/** What is said to bytes that are sent as they are. */
const answerTo = async (text: string) => {
  const socket = connect(Number(new URL(stack.url).port), '127.0.0.1', () => socket.write(text));
  let said = '';
  for await (const chunk of socket.setEncoding('utf8')) said += chunk;
  return said;
};

const reply = (body: object) =>
  fetch(`${stack.url}/reply`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('the event', () => {
  it('has the shape of payload format 2.0', async () => {
    const answer = await fetch(`${stack.url}/echo?a=1&a=2&b=%20x+y`, {
      headers: { 'X-One': 'two', cookie: 'c=1', 'user-agent': 'test' },
    });
    const event = await eventOf(answer);
    expect(answer.headers.get('apigw-requestid')).toBe(event.requestContext.requestId);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /echo',
      rawPath: '/echo',
      rawQueryString: 'a=1&a=2&b=%20x+y',
      queryStringParameters: { a: '1,2', b: ' x y' },
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        domainName: '127.0.0.1',
        http: { method: 'GET', path: '/echo', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
        routeKey: 'GET /echo',
        stage: '$default',
      },
    });
    expect(event.headers).toMatchObject({ 'x-one': 'two', 'x-forwarded-for': '127.0.0.1' });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(event.requestContext.timeEpoch).toBeCloseTo(Date.now(), -5);
    for (const absent of ['body', 'pathParameters']) expect(event).not.toHaveProperty(absent);
    expect(event.requestContext).not.toHaveProperty('authorizer');
  });

  it('has headers of any name, also of those that every object has', async () => {
    const said = await answerTo(
      'GET /echo HTTP/1.1\r\nhost: x\r\nconstructor: a\r\n__proto__: b\r\nconnection: close\r\n\r\n',
    );
    for (const member of ['"constructor":"a"', '"__proto__":"b"']) expect(said).toContain(member);
  });

  it('carries path parameters and the path decoded', async () => {
    const event = await eventOf(await fetch(`${stack.url}/files/a%20b/c`));
    expect(event).toMatchObject({
      routeKey: 'GET /files/{proxy+}',
      rawPath: '/files/a b/c',
      pathParameters: { proxy: 'a b/c' },
      rawQueryString: '',
    });
    expect(event).not.toHaveProperty('queryStringParameters');
  });

  it.each([
    ['application/json', '{"ü":1}', false],
    ['application/problem+json; charset=utf-8', '{}', false],
    ['text/plain', 'text', false],
    ['application/x-www-form-urlencoded', 'a=1', true],
    ['application/octet-stream', '\u0001', true],
  ])('has a body of %s as text or in base64', async (type, body, base64) => {
    const answer = await fetch(`${stack.url}/echo/you`, { method: 'POST', headers: { 'content-type': type }, body });
    const event = await eventOf(answer);
    expect(event.isBase64Encoded).toBe(base64);
    expect(Buffer.from(event.body ?? '', base64 ? 'base64' : 'utf8').toString()).toBe(body);
  });
});

describe('the route', () => {
  it.each([
    ['GET', '/deep/one', 'GET /deep/{id}', { id: 'one' }],
    ['GET', '/deep/one/leaf', 'GET /deep/{id}/leaf', { id: 'one' }],
    // A path with a route, and none of its method: ANY of that path, or else the greedy one.
    ['POST', '/deep/two', 'POST /deep/two', undefined],
    ['DELETE', '/deep/two', 'ANY /deep/two', undefined],
    ['POST', '/deep/one', 'ANY /deep/{proxy+}', { proxy: 'one' }],
    ['PATCH', '/deep/one', 'PATCH /deep/{proxy+}', { proxy: 'one' }],
    ['GET', '/deep/one/', 'ANY /deep/{proxy+}', { proxy: 'one/' }],
    ['GET', '/deep/one/other/a%2Fb', 'ANY /deep/{proxy+}', { proxy: 'one/other/a/b' }],
  ])('of %s %s is %s', async (method, path, routeKey, pathParameters) => {
    const answer: unknown = await (await fetch(stack.url + path, { method })).json();
    expect(answer).toMatchObject({ routeKey, requestContext: { routeKey, http: { method } } });
    expect(z.looseObject({}).parse(answer).pathParameters).toEqual(pathParameters);
  });

  it.each(['/deep', '/deep/'])(
    'of ANY with a greedy variable is not that of %s, where the variable is empty',
    async (path) => {
      expect((await fetch(stack.url + path)).status).toBe(404);
    },
  );
});

describe('the answer', () => {
  it('takes status, headers and body from the function', async () => {
    const answer = await reply({
      result: {
        statusCode: 201,
        headers: { ETag: 'W/"1"', Age: '7', 'Content-Length': '9999', Connection: 'close' },
        body: 'made',
      },
    });
    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe('made');
    expect(answer.headers.get('etag')).toBe('W/"1"');
    expect(answer.headers.get('age')).toBe('7');
    expect(answer.headers.get('content-length')).toBe('4');
    expect(answer.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
  });

  it('decodes a body in base64', async () => {
    const body = Buffer.from([0, 255, 1]).toString('base64');
    const answer = await reply({ result: { statusCode: 200, isBase64Encoded: true, body } });
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0, 255, 1]);
  });

  it.each([204, 304])('of %i has headers and no body', async (statusCode) => {
    const answer = await reply({ result: { statusCode, headers: { etag: '"x"' }, body: 'ignored' } });
    expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([statusCode, '"x"', '']);
    expect(answer.headers.get('content-type')).toBeNull();
  });

  it.each([
    ['the function throws', { fail: 'secret detail' }],
    ['the status code is none', { result: { statusCode: 'soon' } }],
    ['there is no status code', { result: { hello: 'you' } }],
    ['the result has cookies', { result: { statusCode: 200, cookies: ['a=1'] } }],
    ['the body is no text', { result: { statusCode: 200, body: { a: 1 } } }],
    ['a header cannot be sent', { result: { statusCode: 200, headers: { a: 'b\r\nc: d' } } }],
    ['the result is over 6 MB', { large: 6.1 * 1024 * 1024 }],
  ])('is a 500 that says nothing when %s', async (_, body) => {
    const answer = await reply(body);
    expect([answer.status, await answer.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
  });

  it('just below 6 MB arrives whole', async () => {
    const answer = await reply({ large: 5.9 * 1024 * 1024 });
    expect((await answer.text()).length).toBe(Math.floor(5.9 * 1024 * 1024));
  });
});

describe('the answer to HEAD', () => {
  it('has the headers of the function, also the length of the body that it stands for', async () => {
    const answer = await fetch(`${stack.url}/headers?1234`, { method: 'HEAD' });
    expect(Object.fromEntries(answer.headers)).toMatchObject({ 'content-length': '1234', etag: '"1"' });
    expect(await answer.text()).toBe('');
  });
});

describe("the gateway's own answers", () => {
  it('are 404 where no route matches', async () => {
    const answer = await fetch(`${stack.url}/nowhere`);
    expect([answer.status, await answer.text()]).toEqual([404, '{"message":"Not Found"}']);
  });

  it('are 503 when the function takes too long', async () => {
    const answer = await fetch(`${stack.url}/slow`);
    expect([answer.status, await answer.text()]).toEqual([503, '{"message":"Service Unavailable"}']);
  });

  it.each([
    ['announced', Buffer.alloc(10 * 1024 * 1024 + 1)],
    ['chunked', new Blob([Buffer.alloc(10 * 1024 * 1024 + 1)]).stream()],
  ])('are 413 to an %s body over 10 MB', async (_, body) => {
    const options = { method: 'POST', body, duplex: 'half' as const };
    const answer = await fetch(`${stack.url}/echo/you`, options);
    expect([answer.status, await answer.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  });

  it('are 413 to a body that no function can be handed, as text or in base64', async () => {
    const sent = (type: string, bytes: number) =>
      fetch(`${stack.url}/echo/you`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: Buffer.alloc(bytes, 'x'),
      });
    for (const answer of [await sent('text/plain', 6_291_557), await sent('image/png', 4_718_668)]) {
      expect([answer.status, await answer.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
    }
    expect((await sent('text/plain', 2_000_000)).status).toBe(200);
  });

  it('are 431 to more than 10,240 bytes of headers, and none to a little less', async () => {
    const wide = (length: number) => fetch(`${stack.url}/echo`, { headers: { 'x-wide': 'x'.repeat(length) } });
    expect((await wide(9900)).status).toBe(200);
    const answer = await wide(10_300);
    expect([answer.status, await answer.text()]).toEqual([431, '{"message":"Request Header Fields Too Large"}']);
  });

  it.each([
    'nonsense',
    'GET /echo HTTP/1.1\r\nconnection: close',
    'GET /echo%zz HTTP/1.1\r\nhost: x\r\nconnection: close',
    'GET /echo HTTP/1.1\r\nhost: x\r\nhost: y\r\nconnection: close',
    'GET /echo HTTP/1.1\r\nHost: x\r\nhOST: x\r\nconnection: close',
    'GET /echo HTTP/1.0\r\nhost: x\r\nhost: x',
  ])('are 400 to what is not HTTP: %j', async (text) => {
    const said = await answerTo(`${text}\r\n\r\n`);
    expect(said).toContain('400 Bad Request');
    expect(said).toContain('{"message":"Bad Request"}');
  });

  it.each([
    ['http://elsewhere.example/echo?a=1', '/echo', 'a=1'],
    ['HTTPS://elsewhere.example:8080/echo', '/echo', ''],
    ['http://elsewhere.example/echo?to=http://x/y', '/echo', 'to=http://x/y'],
    ['/echo?to=http://x/y', '/echo', 'to=http://x/y'],
  ])(
    'are none to %s: the path of a whole URL counts, as clients of a proxy send it',
    async (target, rawPath, query) => {
      const said = await answerTo(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      const event = JSON.parse(said.slice(said.indexOf('\r\n\r\n')));
      expect(event).toMatchObject({ routeKey: 'GET /echo', rawPath, rawQueryString: query });
    },
  );

  it.each(['http://elsewhere.example', 'http://elsewhere.example?a=1', 'httpx://elsewhere.example/echo'])(
    'are 404 to %s, which has no such path',
    async (target) => {
      const said = await answerTo(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      expect(said).toContain('404 Not Found');
    },
  );

  it('are none to an unknown expectation: the function is invoked', async () => {
    const said = await answerTo('GET /echo HTTP/1.1\r\nhost: x\r\nexpect: the-best\r\nconnection: close\r\n\r\n');
    expect(said).toContain('200 OK');
  });
});
