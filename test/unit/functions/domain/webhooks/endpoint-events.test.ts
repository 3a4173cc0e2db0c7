import { describe, expect, it } from 'vitest';
import { ENDPOINT_EVENTS } from '../../../../../functions/domain/events/bus-event.ts';
import type { WebhookEndpoint } from '../../../../../functions/domain/webhooks/endpoint.ts';
import { endpointEvent } from '../../../../../functions/domain/webhooks/endpoint-events.ts';

const AT = Date.UTC(2026, 10, 29);
const endpoint: WebhookEndpoint = {
  id: `we_${'a'.repeat(22)}`,
  url: 'https://los.example.com/x?key=7Qm2',
  description: 'Loan origination',
  eventTypes: ['group.settled'],
  isEnabled: false,
  disabledReason: 'FAILING',
  secrets: [{ version: 1, sealed: 'an-encrypted-secret', until: undefined }],
  createdAt: AT,
  updatedAt: AT,
  revision: 3,
};

describe('the event of an endpoint', () => {
  it('that the service disabled has the reason, and no request', () => {
    const event = endpointEvent({ type: 'webhook_endpoint.disabled', endpoint, at: AT });
    expect(event).toEqual({
      id: expect.stringMatching(/^evt_[\w-]{22}$/),
      type: 'webhook_endpoint.disabled',
      timestamp: '2026-11-29T00:00:00.000Z',
      body: expect.any(String),
    });
    expect(JSON.parse(event.body)).toEqual({
      id: event.id,
      type: event.type,
      timestamp: event.timestamp,
      data: {
        endpoint_id: endpoint.id,
        origin: 'https://los.example.com',
        event_types: ['group.settled'],
        enabled: false,
        reason: 'FAILING',
      },
    });
  });

  it('has the reason only where it was disabled just now', () => {
    const { body } = endpointEvent({ type: 'webhook_endpoint.updated', endpoint, at: AT, changed: ['description'] });
    expect(JSON.parse(body)).toHaveProperty('data.changed', ['description']);
    expect(JSON.parse(body)).not.toHaveProperty('data.reason');
  });

  it.each(ENDPOINT_EVENTS)('%s holds no secret, no query and no description', (type) => {
    const { body } = endpointEvent({ type, endpoint, at: AT, requestId: 'the-request' });
    for (const hidden of ['an-encrypted-secret', '7Qm2', 'Loan']) expect(body).not.toContain(hidden);
  });

  it('has the same id for the same change, and another one for any other', () => {
    const changes = [
      { type: 'webhook_endpoint.updated', endpoint, at: AT },
      { type: 'webhook_endpoint.disabled', endpoint, at: AT },
      { type: 'webhook_endpoint.updated', endpoint: { ...endpoint, revision: 4 }, at: AT },
      { type: 'webhook_endpoint.updated', endpoint: { ...endpoint, id: `we_${'b'.repeat(22)}` }, at: AT },
      { type: 'webhook_endpoint.updated', endpoint, at: AT + 1 },
    ] as const;
    const ids = () => changes.map((change) => endpointEvent(change).id);
    expect(new Set(ids()).size).toBe(changes.length);
    expect(ids()).toEqual(ids());
  });
});
