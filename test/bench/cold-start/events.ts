import { gzipSync } from 'node:zlib';
import { httpEvent } from '../../fakes/http-event.ts';
import { WEBHOOK_TOKEN } from './aws.ts';
import { RESULT_ID, UNKNOWN_ID } from './rows.ts';

/** One event, and what its answer is made of. */
export interface First {
  readonly event: object;
  readonly requestLabel: string;
  /** Part of the answer's JSON. */
  readonly answer: string;
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const CLAIMS = { sub: 'user-id', token_use: 'access', client_id: 'app', username: 'user-id' };
const TOKEN = [{ alg: 'RS256' }, { ...CLAIMS, 'cognito:groups': ['admin'] }, {}].map(encoded).join('.');

interface Call {
  readonly query?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** An HTTP API's event, by an admin. */
function call(routeKey: string, { query = '', parameters, body }: Call = {}) {
  const event = httpEvent(
    {
      routeKey,
      rawPath: routeKey.split(' ')[1] ?? '',
      rawQueryString: query,
      queryStringParameters: Object.fromEntries(new URLSearchParams(query)),
      headers: { authorization: `Bearer ${TOKEN}` },
      ...(parameters && { pathParameters: parameters }),
      ...(body && { body: JSON.stringify(body) }),
    },
    { ...CLAIMS, 'cognito:groups': '[admin]' },
  );
  return { ...event, requestContext: { ...event.requestContext, timeEpoch: Date.now() } };
}

const group = { parameters: { result_id: RESULT_ID } };

export const READ: First = {
  event: call('GET /verifications', { query: `result_id=${RESULT_ID}` }),
  requestLabel: '1 read',
  answer: '\\"total\\":10,',
};

const AUDIT_LINE = {
  audit: 'GET /groups',
  at: '2026-01-01T00:00:00.000Z',
  who: 'x',
  groups: [],
  outcome: 200,
  request: '1',
};
const delivery = {
  messageType: 'DATA_MESSAGE',
  logEvents: [{ id: '1', timestamp: 1_767_225_600_000, message: JSON.stringify(AUDIT_LINE) }],
};
const record = {
  body: JSON.stringify({ result_id: RESULT_ID, due: 1 }),
  attributes: { ApproximateReceiveCount: '1', MessageGroupId: RESULT_ID },
};

const queued = (body: object) => ({
  Records: [{ body: JSON.stringify(body), attributes: { ApproximateReceiveCount: '1' } }],
});
/** An event, an endpoint and a delivery that have no records. */
const NOT_STORED = {
  event: { detail: { id: `evt_${'a'.repeat(22)}`, data: { result_id: UNKNOWN_ID } } },
  delivery: { endpoint_id: `we_${'a'.repeat(22)}`, delivery_id: `dlv_1767225600000_${'a'.repeat(22)}`, due: 1 },
};

/** The first event of each Lambda of the app, by its label. */
export const FIRST: Readonly<Record<string, First>> = {
  Verifications: READ,
  Groups: { event: call('GET /groups/{result_id}', group), requestLabel: '1 read', answer: 'phase' },
  History: {
    event: call('GET /groups/{result_id}/history', group),
    requestLabel: '2 reads, one after the other',
    answer: 'next_cursor',
  },
  Erasure: {
    event: call('POST /groups/{result_id}/redact', { parameters: { result_id: UNKNOWN_ID } }),
    requestLabel: '1 read: the group is not tracked',
    answer: 'NOT_FOUND',
  },
  Refresh: {
    event: { Records: [record] },
    requestLabel: '1 read: a message with another due time is dropped',
    answer: '',
  },
  Sweep: {
    event: {},
    requestLabel: '1 read, 12 at once: no group, delivery or endpoint is due, and there is no API key; 1 write',
    answer: '',
  },
  Webhook: {
    event: call('POST /webhooks/anycheck/{token}', {
      parameters: { token: WEBHOOK_TOKEN },
      body: { result_id: RESULT_ID },
    }),
    requestLabel: 'the secret, 1 write and the queue, one after the other',
    answer: 'accepted',
  },
  WebhookEndpoints: { event: call('GET /webhook-endpoints'), requestLabel: '1 read', answer: 'items' },
  ApiKeys: { event: call('GET /api-keys'), requestLabel: '2 reads at once', answer: 'items' },
  Dispatch: {
    event: queued(NOT_STORED.event),
    requestLabel: '1 read: a message about an event without a record is dropped',
    answer: '',
  },
  Deliver: {
    event: queued(NOT_STORED.delivery),
    requestLabel: '2 reads at once: a message about a delivery without a record is dropped',
    answer: '',
  },
  Auth: {
    event: call('POST /auth/login', { body: { email: 'a@example.com', password: 'password' } }),
    requestLabel: 'Cognito',
    answer: 'access_token',
  },
  'Audit-Forwarder': {
    event: { awslogs: { data: gzipSync(JSON.stringify(delivery)).toString('base64') } },
    requestLabel: 'CloudWatch Logs',
    answer: '',
  },
  Docs: { event: call('GET /openapi.json'), requestLabel: 'nothing', answer: 'openapi' },
  Console: { event: call('GET /console'), requestLabel: 'nothing', answer: 'console-settings' },
  Whoami: { event: call('GET /whoami'), requestLabel: 'nothing', answer: 'is_person' },
  Health: { event: call('GET /health'), requestLabel: '1 read', answer: 'ok' },
  HealthDeep: {
    event: call('GET /health/deep'),
    requestLabel: '10 reads and the queues, all at once',
    answer: 'oldest_due',
  },
  NotFound: { event: call('$default'), requestLabel: 'nothing', answer: 'NOT_FOUND' },
};
