import { GROUP, type Operation } from './operation.ts';

export const anycheckWebhook: Operation = {
  description:
    'Receives AnyCheck’s deliveries and queues a refresh of the group that the body names. The answer is the same for ' +
    'known and unknown groups. The service stores nothing of the body.',
  parameters: { token: 'local-webhook-token' },
  body: {
    event: 'verification.status_changed',
    timestamp: '2026-11-29T00:05:33Z',
    result_id: GROUP,
    status: 'COMPLETED',
  },
  answers: { 202: { accepted: true } },
  failures: {
    400: { error_code: 'INVALID_REQUEST', message: 'The body is not JSON.' },
    401: { error_code: 'INVALID_TOKEN', message: 'The address holds no valid token.' },
    415: { error_code: 'INVALID_REQUEST', message: 'The body has a content coding other than gzip.' },
  },
};
