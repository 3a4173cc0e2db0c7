import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyEventV2WithJWTAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import { RESULT_ID, type Read } from './stored.ts';

export type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

const CLAIMS = {
  sub: '0a9c8b7d-1e2f-4a3b-8c4d-5e6f7a8b9c0d',
  'cognito:groups': ['viewer'],
  iss: 'https://cognito-idp.ap-southeast-3.amazonaws.com/ap-southeast-3_Ab1Cd2Ef3',
  client_id: '1h57kf5cpq17m0eml12EXAMPLE',
  origin_jti: '9a4b7c2d-3e5f-4a6b-8c7d-0e1f2a3b4c5d',
  event_id: '1b2c3d4e-5f60-4718-9203-a4b5c6d7e8f9',
  token_use: 'access',
  scope: 'aws.cognito.signin.user.admin',
  auth_time: 1786672800,
  exp: 1786676400,
  iat: 1786672800,
  jti: '7c8d9e0f-1a2b-4c3d-8e4f-5a6b7c8d9e0f',
  username: '0a9c8b7d-1e2f-4a3b-8c4d-5e6f7a8b9c0d',
};
const coded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const TOKEN = `${coded({ kid: 'b3f1c2d4e5a69788', alg: 'RS256' })}.${coded(CLAIMS)}.${Buffer.alloc(256, 7).toString('base64url')}`;

/** What API Gateway sends for a viewer's read, as a function gets it. */
export function readEvent(
  { offset, size }: Pick<Read, 'offset' | 'size'>,
  acceptEncoding = 'identity',
): APIGatewayProxyEventV2WithJWTAuthorizer {
  const query = { result_id: RESULT_ID, page_offset: String(offset), page_size: String(size) };
  const claims = Object.fromEntries(
    Object.entries(CLAIMS).map(([name, value]) => [
      name,
      Array.isArray(value) ? `[${value.join(' ')}]` : String(value),
    ]),
  );
  return {
    version: '2.0',
    routeKey: 'GET /verifications',
    rawPath: '/verifications',
    rawQueryString: new URLSearchParams(query).toString(),
    headers: {
      accept: 'application/json',
      'accept-encoding': acceptEncoding,
      authorization: `Bearer ${TOKEN}`,
      'content-length': '0',
      host: 'a1b2c3d4e5.execute-api.ap-southeast-3.amazonaws.com',
      'user-agent': 'scoring/2.4 (node)',
      'x-amzn-trace-id': 'Root=1-6a7e9b20-3f1c2d4e5a69788b0c1d2e3f',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    queryStringParameters: query,
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3d4e5',
      authorizer: { jwt: { claims, scopes: [] }, principalId: '', integrationLatency: 0 },
      domainName: 'a1b2c3d4e5.execute-api.ap-southeast-3.amazonaws.com',
      domainPrefix: 'a1b2c3d4e5',
      http: {
        method: 'GET',
        path: '/verifications',
        protocol: 'HTTP/1.1',
        sourceIp: '203.0.113.7',
        userAgent: 'scoring/2.4 (node)',
      },
      requestId: 'YkB5dhqTyQ0EMqg=',
      routeKey: 'GET /verifications',
      stage: '$default',
      time: '14/Aug/2026:02:00:00 +0000',
      timeEpoch: Date.now(),
    },
    isBase64Encoded: false,
  };
}

export const CONTEXT: Context = {
  callbackWaitsForEmptyEventLoop: true,
  functionName: 'verifications',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:ap-southeast-3:123456789012:function:verifications',
  memoryLimitInMB: '1024',
  awsRequestId: '5f1b3c2d-4e5f-4a6b-8c7d-0e1f2a3b4c5d',
  logGroupName: '/aws/lambda/verifications',
  logStreamName: '2026/08/14/[$LATEST]0a9c8b7d1e2f4a3b8c4d5e6f7a8b9c0d',
  getRemainingTimeInMillis: () => 29_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};
