import { GROUP, invalid, type Operation, UNKNOWN_PARAMETER } from './operation.ts';

const ID = 'we_5iAvGzQVpDsSYGFDuMnGZg';
const DELIVERY = 'dlv_1795910883729_Y0eVHoTfVrs9rJ6V6RvC2g';
const EVENT = 'evt_Y0eVHoTfVrs9rJ6V6RvC2g';
const SECRET = 'whsec_bm90IGEgc2VjcmV0LCBidXQgMzIgYnl0ZXMgbG9uZyE=';
const ALL_TYPES = [
  'group.created',
  'group.updated',
  'group.settled',
  'group.reopened',
  'group.erased',
  'group.redacted',
];
const SETTLED = ['group.settled', 'group.erased'];

const created = {
  id: ID,
  url: 'https://los.example.com/anycheck?***',
  description: 'Loan origination',
  event_types: SETTLED,
  enabled: true,
  state: 'active',
  disabled_reason: null,
  failing_since: null,
  last_success: null,
  created_at: '2026-11-29T00:06:41.273Z',
  updated_at: '2026-11-29T00:06:41.273Z',
};
const endpoint = { ...created, last_success: '2026-11-29T00:08:04.112Z' };
const disabled = {
  ...created,
  id: 'we_0hZ3bq8wJm0mP4Jr2s5c7A',
  url: 'https://scores.example.com/events',
  description: '',
  event_types: ALL_TYPES,
  enabled: false,
  state: 'disabled',
  disabled_reason: 'FAILING',
  failing_since: '2026-11-24T00:08:04.112Z',
};
const delivery = {
  delivery_id: DELIVERY,
  event_id: EVENT,
  type: 'group.settled',
  result_id: GROUP,
  version: 2,
  status: 'pending',
  cancel_reason: null,
  attempts: [
    { at: '2026-11-29T00:08:04.001Z', status: 503, error: null, duration_ms: 112 },
    { at: '2026-11-29T00:08:09.218Z', status: null, error: 'TIMEOUT', duration_ms: 15_001 },
  ],
  attempt_count: 2,
  next_attempt: '2026-11-29T00:13:11.730Z',
  event_time: '2026-11-29T00:08:03.729Z',
};

const NO_ENDPOINT = { error_code: 'NOT_FOUND', message: 'This webhook endpoint does not exist.' } as const;
const NO_DELIVERY = {
  error_code: 'NOT_FOUND',
  message: 'This delivery does not exist, or it is older than 30 days.',
} as const;
const DISABLED = {
  error_code: 'INVALID_REQUEST',
  message: 'This webhook endpoint is disabled. Enable it first.',
} as const;
const CONFLICT = {
  error_code: 'INTERNAL_SERVER_ERROR',
  message: 'Other calls changed this at the same time. Try again.',
} as const;
const INVALID_ID = {
  error_code: 'INVALID_ID',
  message: 'The request is not valid.',
  errors: [{ field: 'endpoint_id', message: 'endpoint_id must be the id of a webhook endpoint.' }],
} satisfies Operation['failures'][number];
const quota = (message: string) => ({ error_code: 'QUOTA_EXCEEDED', message }) as const;

export const createWebhookEndpoint: Operation = {
  description:
    'Registers a URL to which the service delivers events from now on, as signed requests by the Standard Webhooks ' +
    'specification. The answer has the signing secret, which no later call returns. At most 50 endpoints can exist.',
  body: {
    url: 'https://los.example.com/anycheck?key=7Qm2',
    description: 'Loan origination',
    event_types: SETTLED,
  },
  answers: { 201: { ...created, secret: SECRET } },
  failures: { 400: invalid('url', 'must be an https URL'), 503: CONFLICT },
};

export const listWebhookEndpoints: Operation = {
  description: 'Lists all webhook endpoints with their state. It shows neither the query of a URL nor a secret.',
  answers: { 200: { items: [endpoint, disabled] } },
  failures: { 400: UNKNOWN_PARAMETER },
};

export const getWebhookEndpoint: Operation = {
  description:
    'Returns one webhook endpoint, and how many deliveries of events of the last 24 hours have each status. The counts ' +
    'are made at the call, from at most 10,000 deliveries.',
  parameters: { endpoint_id: ID },
  answers: {
    200: { ...endpoint, counts_24h: { pending: 1, delivered: 1_204, failed: 0, cancelled: 2, complete: true } },
  },
  failures: { 400: INVALID_ID, 404: NO_ENDPOINT },
};

export const updateWebhookEndpoint: Operation = {
  description:
    'Changes the fields that the body names. A disabled endpoint receives nothing, and its pending deliveries become ' +
    'failed. Enabled again, it receives new events from then on; a recovery delivers the failed ones.',
  parameters: { endpoint_id: ID },
  body: { description: 'Loan origination, Jakarta', enabled: false },
  answers: {
    200: { ...endpoint, description: 'Loan origination, Jakarta', enabled: false, state: 'disabled' },
  },
  failures: { 400: invalid('enabld', 'is unknown. Did you mean enabled?'), 404: NO_ENDPOINT, 503: CONFLICT },
};

export const deleteWebhookEndpoint: Operation = {
  description: 'Deletes a webhook endpoint and cancels its pending deliveries.',
  destroys: 'This deletes the signing secrets and the log of deliveries of the endpoint for ever.',
  parameters: { endpoint_id: ID },
  answers: {},
  failures: { 400: INVALID_ID, 404: NO_ENDPOINT, 503: CONFLICT },
};

export const rotateWebhookSecret: Operation = {
  description:
    'Makes a new signing secret. It and the one before sign every delivery for 24 hours, so that a receiver can change ' +
    'over in between. At most four secrets sign at once.',
  parameters: { endpoint_id: ID },
  answers: { 200: { secret: SECRET, previous_ends_at: '2026-11-30T00:06:41.273Z' } },
  failures: {
    400: INVALID_ID,
    404: NO_ENDPOINT,
    429: quota('4 secrets of this webhook endpoint sign already. Wait until one ends.'),
    503: CONFLICT,
  },
};

export const testWebhookEndpoint: Operation = {
  description:
    'Sends an event of the type ping, with the same checks and signature as a delivery, and waits for the answer. It is ' +
    'not retried, has no log, and also works while the endpoint is disabled.',
  parameters: { endpoint_id: ID },
  answers: { 200: { delivered: true, status: 204, error: null, duration_ms: 87 } },
  failures: { 400: INVALID_ID, 404: NO_ENDPOINT, 429: quota('This webhook endpoint was tested a moment ago.') },
};

export const listWebhookDeliveries: Operation = {
  description:
    'Lists deliveries by the time of their event, with the last attempts of each. It contains ids, statuses and times, ' +
    'and neither the body nor the answer of the endpoint.',
  parameters: {
    endpoint_id: ID,
    result_id: GROUP,
    cursor: 'eyJiZWZvcmUiOiJkbHZfMTc5NTkxMDg4MzcyOV9ZMGVWSG9UZlZyczlySjZWNlJ2QzJnIn0',
  },
  answers: {
    200: {
      items: [
        delivery,
        {
          ...delivery,
          delivery_id: 'dlv_1795910801333_KqzT9T2jzCIPdS5Qz1cM_A',
          event_id: 'evt_KqzT9T2jzCIPdS5Qz1cM_A',
          type: 'group.created',
          version: 1,
          status: 'delivered',
          attempts: [{ at: '2026-11-29T00:06:42.001Z', status: 204, error: null, duration_ms: 93 }],
          attempt_count: 1,
          next_attempt: null,
          event_time: '2026-11-29T00:06:41.333Z',
        },
      ],
      next_cursor: null,
    },
  },
  failures: { 400: invalid('status', 'must be one of pending, delivered, failed, cancelled'), 404: NO_ENDPOINT },
};

export const resendWebhookDelivery: Operation = {
  description:
    'Queues one delivery again, whether it was delivered, failed or is pending. The request has the same id and the same ' +
    'body, so a receiver can recognize the repetition.',
  parameters: { endpoint_id: ID, delivery_id: DELIVERY },
  answers: { 202: { accepted: true } },
  failures: {
    400: {
      ...INVALID_ID,
      errors: [{ field: 'delivery_id', message: 'delivery_id must be the id of a delivery.' }],
    },
    404: NO_DELIVERY,
    409: DISABLED,
    410: { error_code: 'NOT_FOUND', message: 'The group of this delivery was erased, and its events with it.' },
    429: quota('Only 60 deliveries of a webhook endpoint can be sent again in a minute.'),
    503: CONFLICT,
  },
};

export const recoverWebhookDeliveries: Operation = {
  description:
    'Delivers every failed event since a time again, up to 30 days back, oldest first. It runs in the background, one ' +
    'recovery of an endpoint at a time.',
  parameters: { endpoint_id: ID },
  body: { since: '2026-11-28T00:00:00Z' },
  answers: { 202: { accepted: true } },
  failures: {
    400: invalid('since', 'must be at most 30 days ago'),
    404: NO_ENDPOINT,
    409: DISABLED,
    429: quota('A recovery of this webhook endpoint is under way.'),
  },
};
