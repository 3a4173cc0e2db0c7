import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

/** An HTTP API's event of a call, past the gateway. @param claims of the token that the gateway has checked. */
export function httpEvent(parts: Partial<APIGatewayProxyEventV2> = {}, claims: unknown = {}): APIGatewayProxyEventV2 {
  const routeKey = parts.routeKey ?? '$default';
  const requestContext: APIGatewayProxyEventV2['requestContext'] & { authorizer: unknown } = {
    accountId: '1',
    apiId: 'api',
    authorizer: { jwt: { claims, scopes: null } },
    domainName: 'localhost',
    domainPrefix: 'localhost',
    http: { method: 'GET', path: '/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
    requestId: 'the-request',
    routeKey,
    stage: '$default',
    time: '',
    timeEpoch: 0,
  };
  return {
    version: '2.0',
    routeKey,
    rawPath: '/',
    rawQueryString: '',
    headers: {},
    requestContext,
    isBase64Encoded: false,
    ...parts,
  };
}

/** What Lambda says of an invocation. @param left ms of the function's time. */
export const lambdaContext = (left: () => number = () => 20_000): Context => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: 'function',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:ap-southeast-3:123456789012:function:function',
  memoryLimitInMB: '512',
  awsRequestId: 'the-invocation',
  logGroupName: 'group',
  logStreamName: 'stream',
  getRemainingTimeInMillis: left,
  done: () => {},
  fail: () => {},
  succeed: () => {},
});
