import { expect, it } from 'vitest';
import { logUnannouncedChange } from '../../../../../functions/runtime/log/announcement-log.ts';
import { printedLines } from '../../../../fakes/printed.ts';

const lines = printedLines();
const change = {
  endpointId: 'we_1',
  event: {
    id: 'evt_1',
    type: 'webhook_endpoint.created' as const,
    timestamp: '2026-11-29T00:06:41.273Z',
    body: '{"data":{"url":"https://los.example.com/"}}',
  },
};

it.each([
  ['refused', undefined, {}],
  ['failed to take', new Error('https://los.example.com/'), { error: 'Error' }],
])('a change that the bus %s leaves a line with the endpoint and the type, without its URL', (_, error, expected) => {
  logUnannouncedChange(change, error);
  expect(lines).toMatchObject([
    {
      event: 'endpoint.announce_failed',
      level: 'warn',
      endpoint_id: 'we_1',
      type: 'webhook_endpoint.created',
      ...expected,
    },
  ]);
  expect(JSON.stringify(lines)).not.toContain('los.example.com');
});
